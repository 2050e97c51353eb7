import type { ApiClient } from '../../../api/client';
import type { FormKnown, FormRun } from '../../../api/paramsPage';
import type { Experiment } from '../../../model/experiment';
import { type Goal, bestOf } from '../../../model/goal';
import type { ParamSpec } from '../../../model/param';
import { type ExperimentId, type Run, type RunId, TAGS } from '../../../model/run';

/** The newest runs tell what is known; all of a store with 10,000 would take seconds and fill the page with dots. */
const MOST_RUNS = 1_000;

/** What a form asks of the runs of a folder. */
export interface KnownQuestion {
  /** The script, relative to its folder. */
  readonly script: string;
  readonly specs: readonly ParamSpec[];
  /** The experiment that the script's runs go to, as far as that is written down; null when it is not. */
  readonly experiment: string | null;
  slotOf(runId: RunId): number | undefined;
}

/** Before the runs are read, or when they cannot be. */
export function nothingKnown(state: FormKnown['state'], problem: string | null = null): FormKnown {
  return {
    state,
    problem,
    experiment: null,
    goal: null,
    runs: [],
    total: 0,
    lastRunId: null,
    bestRunId: null,
    queue: null,
  };
}

/** Reads what is known of a script's params from the runs of its experiment. */
export async function readKnown(client: ApiClient, question: KnownQuestion): Promise<FormKnown> {
  const [{ experiments }, ofScript, { queue }] = await Promise.all([
    client.call('listExperiments', {}),
    client.call('searchRuns', { filter: sourceFilter(question.script), limit: 1 }),
    client.call('getQueue', {}),
  ]);
  const experiment = experimentOf(experiments, ofScript.runs[0], question.experiment);
  const formQueue = {
    slots: queue.slots,
    slotsInUse: queue.slotsInUse,
    waiting: queue.waiting.length,
    isPaused: queue.paused,
    gpus: queue.gpus.length,
  };
  if (experiment === undefined) return { ...nothingKnown('none'), queue: formQueue };
  const { runs, total } = await readRuns(client, experiment);
  return {
    state: runs.length === 0 ? 'none' : 'known',
    problem: null,
    experiment: experiment.name,
    goal: experiment.goal,
    runs: runs.map((run) => formRun(run, experiment.goal, question)),
    total,
    lastRunId: runs.find((run) => hasParams(run, question.specs))?.runId ?? null,
    bestRunId: experiment.bestRunId,
    queue: formQueue,
  };
}

/** The newest runs, and the best one when it is older than they are. */
async function readRuns(
  client: ApiClient,
  { experimentId, bestRunId }: { readonly experimentId: ExperimentId; readonly bestRunId: RunId | null },
): Promise<{ readonly runs: readonly Run[]; readonly total: number }> {
  const { runs, total } = await client.call('searchRuns', {
    experimentIds: [experimentId],
    limit: MOST_RUNS,
  });
  if (bestRunId === null || runs.some((run) => run.runId === bestRunId)) return { runs, total };
  const best = await client.call('searchRuns', { runIds: [bestRunId] });
  return { runs: [...runs, ...best.runs], total };
}

function experimentOf(
  experiments: readonly Experiment[],
  last: Run | undefined,
  named: string | null,
): Experiment | undefined {
  return (
    experiments.find(({ experimentId }) => experimentId === last?.experimentId) ??
    experiments.find(({ name }) => name === named)
  );
}

/** One run as the form compares with it. */
export function formRun(
  run: Run,
  goal: Goal | null,
  { script, specs, slotOf }: Pick<KnownQuestion, 'script' | 'specs' | 'slotOf'>,
): FormRun {
  const summary = goal === null ? undefined : run.metrics[goal.metric];
  const best = goal === null || summary === undefined ? NaN : bestOf(summary, goal.direction).value;
  const { startedAt, endedAt } = run;
  return {
    runId: run.runId,
    name: run.name,
    state: run.state,
    slot: slotOf(run.runId) ?? null,
    goal: Number.isFinite(best) ? best : null,
    durationMs: startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt),
    cost: costText(run),
    values: Object.fromEntries(
      specs.flatMap(({ name }) => {
        const value = run.params[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    isOfScript: run.tags[TAGS.sourceName] === script,
  };
}

/** `0.012 EUR` */
function costText(run: Run): string | null {
  const cost = run.tags[TAGS.cost];
  return cost === undefined ? null : `${cost} ${run.tags[TAGS.currency] ?? ''}`.trimEnd();
}

function hasParams(run: Run, specs: readonly ParamSpec[]): boolean {
  return specs.some(({ name }) => run.params[name] !== undefined);
}

function sourceFilter(script: string): string {
  return `tags.\`${TAGS.sourceName}\` = '${script.replaceAll("'", "''")}'`;
}
