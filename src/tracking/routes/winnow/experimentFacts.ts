import { UserError } from '../../../base/errors';
import { championOf } from '../../../model/promotion';
import type { Store } from '../../../store/store';
import { inSlices } from '../../inSlices';
import type { Handlers } from './index';

/** What the head of an experiment's page says. */
export function experimentFactHandlers({
  store,
}: {
  readonly store: Pick<Store, 'getExperiment' | 'goalOf' | 'listPromotions' | 'readFacts'>;
}): Handlers<'experimentFacts'> {
  return {
    async experimentFacts({ experimentId }, { signal }) {
      const experiment = store.getExperiment(experimentId);
      if (experiment === null || experiment.deleted) {
        throw new UserError('not-found', 'This experiment is not there any more: it was deleted.');
      }
      const goal = store.goalOf(experimentId);
      const champion = championOf(store.listPromotions(), experiment.name);
      const facts = await inSlices(store.readFacts(experimentId, goal, champion?.runId ?? null), signal);
      return { experimentId, name: experiment.name, goal, ...facts };
    },
  };
}
