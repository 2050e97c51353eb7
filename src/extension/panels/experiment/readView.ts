import type { ApiClient } from '../../../api/client';
import type { ExperimentView, GoalRun } from '../../../api/experimentPage';
import type { FactRun } from '../../../model/experimentFacts';
import type { ExperimentId, RunId } from '../../../model/run';

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
> & {
  /** A few runs to begin with: see ExperimentFacts. */
  readonly worthSeeing: readonly RunId[];
};

/** @throws UserError 'not-found' when there is no such experiment any more. */
export async function readExperiment(
  client: ApiClient,
  experimentId: ExperimentId,
  slotOf: (runId: RunId) => number | null,
): Promise<ReadExperiment> {
  const [facts, { views }] = await Promise.all([
    client.call('experimentFacts', { experimentId }),
    client.call('listViews', { experimentId }),
  ]);
  const goalRun = (run: FactRun): GoalRun => ({ ...run, slot: slotOf(run.runId) });
  return {
    experimentId,
    title: facts.name,
    script: facts.scripts.join(', '),
    goal: facts.goal,
    runCount: facts.runCount,
    runningCount: facts.runningCount,
    best: facts.best === null ? null : goalRun(facts.best),
    champion: facts.champion === null ? null : goalRun(facts.champion),
    difference: facts.difference,
    views,
    worthSeeing: facts.worthSeeing,
  };
}
