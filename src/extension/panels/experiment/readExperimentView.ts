import type { ApiClient } from '../../../api/client';
import type { ExperimentView, GoalRun, PageView } from '../../../api/experimentPage';
import type { ExperimentFacts, FactRun } from '../../../model/experimentFacts';
import type { ExperimentId, RunId } from '../../../model/run';
import type { RunColours } from '../../runColours';

type Colours = Pick<RunColours, 'slotOf' | 'on'>;

/** Reads what the page is about. @throws UserError 'not-found' for an experiment that is not there any more. */
export async function readExperimentView(
  client: ApiClient,
  about: { readonly folder: string; readonly experimentId: ExperimentId },
  colours: Colours,
  readViews: (
    experiment: string,
  ) => Promise<{ readonly views: readonly PageView[]; readonly problem: string | null }>,
): Promise<{ readonly view: ExperimentView; readonly worthSeeing: readonly RunId[] }> {
  const { folder, experimentId } = about;
  const facts: ExperimentFacts = await client.call('experimentFacts', { experimentId });
  const { views, problem } = await readViews(facts.name);
  return {
    worthSeeing: facts.worthSeeing,
    view: {
      folder,
      experimentId,
      title: facts.name,
      script: facts.scripts.join(', '),
      goal: facts.goal,
      runCount: facts.runCount,
      runningCount: facts.runningCount,
      best: goalRun(facts.best, colours),
      champion: goalRun(facts.champion, colours),
      difference: facts.difference,
      slots: slotsOf(colours),
      views,
      problem,
    },
  };
}

/** The runs that are on with their colours, in the order of the slots. */
export function slotsOf(colours: Colours): ExperimentView['slots'] {
  return colours.on().flatMap((runId) => {
    const slot = colours.slotOf(runId);
    return slot === undefined ? [] : [[runId, slot] as const];
  });
}

function goalRun(run: FactRun | null, colours: Colours): GoalRun | null {
  if (run === null) return null;
  // What goes to the page has no infinities.
  const value = run.value !== null && Number.isFinite(run.value) ? run.value : null;
  return { runId: run.runId, name: run.name, slot: colours.slotOf(run.runId) ?? null, value };
}
