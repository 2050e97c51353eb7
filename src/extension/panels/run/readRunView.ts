import type { ApiClient } from '../../../api/client';
import type { CompareWith, RunView } from '../../../api/runPage';
import { UserError } from '../../../base/errors';
import { comparePackages } from '../../../model/compareEnvironments';
import type { Goal } from '../../../model/goal';
import { type Promotion, championOf } from '../../../model/promotion';
import { type RunDetail, type RunId, isRunId } from '../../../model/run';
import { toPageRun } from './pageRun';
import { noiseBeside, rankOf } from './standing';

/** What the page is about. */
export interface RunQuestion {
  readonly folder: string;
  readonly runId: RunId;
  readonly compareWith: CompareWith;
  slotOf(runId: RunId): number | null;
}

/** What changes only when runs do: kept while nothing but points arrive. */
export type Surroundings = Pick<
  RunView,
  | 'attempts'
  | 'inputs'
  | 'otherInputs'
  | 'environment'
  | 'packageDifferences'
  | 'packagesCompared'
  | 'noise'
  | 'rank'
> & {
  readonly goal: Goal | null;
  readonly champion: Promotion | null;
  readonly other: RunDetail | null;
};

export interface ReadRun {
  readonly view: RunView;
  readonly run: RunDetail;
  readonly other: RunDetail | null;
  readonly surroundings: Surroundings;
}

/**
 * Reads everything that a run's page shows at first.
 * @param known what is around the run, when it has not changed: then the run alone is read.
 * @throws UserError 'not-found' when the run is not there any more.
 */
export async function readRunView(
  client: ApiClient,
  question: RunQuestion,
  known: Surroundings | null,
): Promise<ReadRun> {
  const { runId, compareWith } = question;
  const { run } = await client.call('getRun', { runId });
  const surroundings = known ?? (await readSurroundings(client, run, compareWith));
  const { champion } = surroundings;
  // A run that still runs beside this one has new values; one that is over has not.
  const other =
    known !== null && known.other?.state === 'running'
      ? await findRun(client, known.other.runId)
      : surroundings.other;
  const championRun =
    champion === null || champion.runId === runId
      ? null
      : champion.runId === other?.runId
        ? other
        : await findRun(client, champion.runId);
  const slot = question.slotOf(runId) ?? 1;
  const otherSlot = other === null ? null : (question.slotOf(other.runId) ?? 2);
  return {
    run,
    other,
    surroundings: { ...surroundings, other },
    view: {
      ...withoutPrivate(surroundings),
      folder: question.folder,
      run: toPageRun(run, slot),
      isChampion: champion?.runId === runId,
      other:
        other === null
          ? null
          : {
              run: toPageRun(other, otherSlot === slot ? (slot % 8) + 1 : otherSlot),
              isChampion: champion?.runId === other.runId,
            },
      champion: championRun === null ? null : { runId: championRun.runId, name: championRun.name },
      problem: null,
    },
  };
}

async function readSurroundings(
  client: ApiClient,
  run: RunDetail,
  compareWith: CompareWith,
): Promise<Surroundings> {
  const { runId } = run;
  const [{ experiments }, { promotions }] = await Promise.all([
    client.call('listExperiments', {}),
    client.call('listPromotions', {}),
  ]);
  const goal = experiments.find(({ experimentId }) => experimentId === run.experimentId)?.goal ?? null;
  const champion = championOf(promotions, run.experiment);
  const otherId =
    compareWith === 'champion' ? champion?.runId : isRunId(compareWith) ? compareWith : undefined;
  const other = otherId === undefined || otherId === runId ? null : await findRun(client, otherId);
  const environmentOf = async (id: RunId) => (await client.call('getEnvironment', { runId: id })).environment;
  const [{ attempts }, inputs, otherInputs, environment, otherEnvironment, rank, noise] = await Promise.all([
    client.call('listAttempts', { runId }),
    client.call('getRunInputs', { runId }),
    other === null ? null : client.call('getRunInputs', { runId: other.runId }),
    environmentOf(runId),
    other === null ? null : environmentOf(other.runId),
    unlessRefused(rankOf(client, run, goal), null),
    unlessRefused(noiseBeside(client, run, other, goal), []),
  ]);
  return {
    goal,
    champion,
    other,
    attempts,
    inputs,
    otherInputs,
    environment,
    packageDifferences: comparePackages(environment, otherEnvironment),
    packagesCompared: hasPackages(environment) && hasPackages(otherEnvironment),
    rank,
    noise,
  };
}

/** What is only beside the run must not cost the run: a metric's name may be one that no search can speak of. */
async function unlessRefused<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError && error.code !== 'server-unreachable') return otherwise;
    throw error;
  }
}

function hasPackages(environment: RunView['environment']): boolean {
  return environment !== null && environment.python !== null;
}

/** Null when it is not there any more: the page goes on without a run beside it. */
async function findRun(client: ApiClient, runId: RunId): Promise<RunDetail | null> {
  try {
    return (await client.call('getRun', { runId })).run;
  } catch (error) {
    if (error instanceof UserError && error.code === 'not-found') return null;
    throw error;
  }
}

function withoutPrivate({ other: _other, champion: _champion, ...shown }: Surroundings) {
  return shown;
}
