import type { ApiClient } from '../../../api/client';
import type { CompareView, ComparedRun } from '../../../api/comparePage';
import { UserError } from '../../../base/errors';
import type { Goal } from '../../../model/goal';
import { type Noise, configurationOf, noiseOf } from '../../../model/noise';
import type { RunDetail, RunId } from '../../../model/run';
import { comparedValue, directionOf } from '../../../model/runComparison';
import { toPageRun } from '../run/pageRun';
import { championOf } from '../../../model/promotion';
import { seedGroup } from '../run/standing';

/** What the page is about. */
export interface CompareQuestion {
  readonly folder: string;
  readonly runIds: readonly RunId[];
  slotOf(runId: RunId): number | null;
}

/** What was read of a run; kept while nothing of the run changes. */
export interface ReadColumn {
  readonly run: RunDetail;
  readonly environment: ComparedRun['environment'];
  readonly inputs: ComparedRun['inputs'];
}

/** What was read before and need not be asked for again. */
export interface KnownColumns {
  readonly columns: Map<RunId, ReadColumn>;
  /** The noise of the runs of `key`. */
  noise: { readonly key: string; readonly value: CompareView['noise'] } | null;
}

const AT_ONCE = 6; // Runs that are read at the same time.
const MOST_CONFIGURATIONS = 12; // Each costs a search; the noise is pooled and hardly changes with more.
const MOST_METRICS = 500; // Beyond, thirty runs a configuration are more than should be read for a colour.

/** Reads what the page shows. Runs that are not there any more are left out and counted. */
export async function readCompared(
  client: ApiClient,
  question: CompareQuestion,
  known: KnownColumns,
): Promise<CompareView> {
  const [columns, { experiments }, { promotions }] = await Promise.all([
    readColumns(client, question.runIds, known.columns),
    client.call('listExperiments', {}),
    client.call('listPromotions', {}),
  ]);
  const base = columns[0];
  const experimentOf = (run: RunDetail) =>
    experiments.find(({ experimentId }) => experimentId === run.experimentId);
  const goal = base === undefined ? null : (experimentOf(base.run)?.goal ?? null);
  return {
    folder: question.folder,
    runs: columns.map(({ run, environment, inputs }) => ({
      run: toPageRun(run, question.slotOf(run.runId)),
      isChampion: championOf(promotions, run.experiment)?.runId === run.runId,
      isBest: experimentOf(run)?.bestRunId === run.runId,
      environment,
      inputs,
    })),
    goal,
    noise: await noiseOfColumns(client, columns, goal, known),
    goneCount: question.runIds.length - columns.length,
    problem: null,
  };
}

async function readColumns(
  client: ApiClient,
  runIds: readonly RunId[],
  known: Map<RunId, ReadColumn>,
): Promise<readonly ReadColumn[]> {
  for (const runId of known.keys()) if (!runIds.includes(runId)) known.delete(runId);
  const missing = runIds.filter((runId) => !known.has(runId));
  const readNext = async (): Promise<void> => {
    for (let runId = missing.pop(); runId !== undefined; runId = missing.pop()) {
      const column = await readColumn(client, runId);
      if (column !== null) known.set(runId, column);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readNext));
  return runIds.flatMap((runId) => known.get(runId) ?? []);
}

/** Null when the run is not there any more. */
async function readColumn(client: ApiClient, runId: RunId): Promise<ReadColumn | null> {
  try {
    const [{ run }, { environment }, inputs] = await Promise.all([
      client.call('getRun', { runId }),
      client.call('getEnvironment', { runId }),
      client.call('getRunInputs', { runId }),
    ]);
    return { run, environment, inputs };
  } catch (error) {
    if (error instanceof UserError && error.code === 'not-found') return null;
    throw error;
  }
}

/** What seeds do to each metric, from the other runs of the configurations that are compared. */
async function noiseOfColumns(
  client: ApiClient,
  columns: readonly ReadColumn[],
  goal: Goal | null,
  known: KnownColumns,
): Promise<CompareView['noise']> {
  const configurations = new Map(
    columns.map(({ run }) => [`${run.experimentId} ${configurationOf(run.params)}`, run]),
  );
  const names = new Set(columns.flatMap(({ run }) => Object.keys(run.metrics)));
  const key = JSON.stringify([[...configurations.keys()].sort(), [...names].sort(), goal]);
  if (known.noise?.key === key) return known.noise.value;
  const metrics = [...names].filter((name) => !name.startsWith('system/'));
  if (metrics.length > MOST_METRICS) return [];
  const groups = await Promise.all(
    [...configurations.values()]
      .slice(0, MOST_CONFIGURATIONS)
      .map((run) => unlessRefused(seedGroup(client, run), [])),
  );
  const value = metrics.flatMap((name): (readonly [string, Noise])[] => {
    const direction = directionOf(name, goal);
    const noise = noiseOf(
      groups.map((group) =>
        group.flatMap((run) => {
          const summary = run.metrics[name];
          return summary === undefined ? [] : [comparedValue(summary, direction)];
        }),
      ),
    );
    return noise === null ? [] : [[name, noise]];
  });
  known.noise = { key, value };
  return value;
}

/** A param may have a name that no search can speak of: that costs the colour of some numbers only. */
async function unlessRefused<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError && error.code !== 'server-unreachable') return otherwise;
    throw error;
  }
}
