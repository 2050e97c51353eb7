import type { ApiClient } from '../../../api/client';
import type { ExperimentView, GoalRun } from '../../../api/experimentPage';
import { UserError } from '../../../base/errors';
import { type Goal, bestOf } from '../../../model/goal';
import type { ExperimentId, Run, RunId } from '../../../model/run';
import { championOf } from '../run/readRunView';

/** What the head of an experiment's page says, all but what the window itself knows. */
export type ReadExperiment = Pick<
  ExperimentView,
  | 'experimentId'
  | 'title'
  | 'script'
  | 'goal'
  | 'runCount'
  | 'runningCount'
  | 'best'
  | 'champion'
  | 'difference'
  | 'views'
>;

const NEWEST = 20; // Whose scripts name the experiment's.

/** @throws UserError 'experiment-unknown' when there is no such experiment any more. */
export async function readExperiment(
  client: ApiClient,
  experimentId: ExperimentId,
  slotOf: (runId: RunId) => number | null,
): Promise<ReadExperiment> {
  const [{ experiments }, { promotions }, { views }, newest] = await Promise.all([
    client.call('listExperiments', {}),
    client.call('listPromotions', {}),
    client.call('listViews', { experimentId }),
    client.call('searchRuns', { experimentIds: [experimentId], limit: NEWEST }),
  ]);
  const experiment = experiments.find((one) => one.experimentId === experimentId);
  if (experiment === undefined) {
    throw new UserError('experiment-unknown', 'This experiment is not there any more: it was deleted.');
  }
  const { goal } = experiment;
  const championId = championOf(promotions, experiment.name)?.runId ?? null;
  const [best, champion] = await Promise.all([
    runById(client, experiment.bestRunId),
    runById(client, championId),
  ]);
  const goalRun = (run: Run): GoalRun => ({
    runId: run.runId,
    name: run.name,
    slot: slotOf(run.runId),
    value: goal === null ? null : valueOf(run, goal),
  });
  return {
    experimentId,
    title: experiment.name,
    script: scriptOf(newest.runs),
    goal,
    runCount: experiment.runCount,
    runningCount: experiment.runningCount,
    best: best === null ? null : goalRun(best),
    champion: champion === null ? null : goalRun(champion),
    difference: null,
    views,
  };
}

async function runById(client: ApiClient, runId: RunId | null): Promise<Run | null> {
  if (runId === null) return null;
  const { runs } = await client.call('searchRuns', { runIds: [runId] });
  return runs[0] ?? null;
}

function valueOf(run: Run, goal: Goal): number | null {
  const summary = run.metrics[goal.metric];
  const value = summary === undefined ? NaN : bestOf(summary, goal.direction).value;
  return Number.isFinite(value) ? value : null;
}

/** What most of the newest runs were started from. */
function scriptOf(runs: readonly Run[]): string {
  const counts = new Map<string, number>();
  for (const { tags } of runs) {
    const name = tags['mlflow.source.name']?.split(/[/\\]/).at(-1);
    if (name !== undefined && name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
