import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import type { Handlers } from './index';

export function experimentHandlers({
  store,
  ingest,
}: {
  readonly store: Store;
  readonly ingest: Ingest;
}): Handlers<'listExperiments' | 'setGoal' | 'metricUsage' | 'paramUsage'> {
  return {
    listExperiments: ({ includeDeleted }) => ({
      experiments: store.listExperiments(includeDeleted ?? false),
    }),
    async setGoal({ experimentId, goal }) {
      await ingest.write('full', () => store.setGoal(experimentId, goal));
      return {};
    },
    metricUsage: ({ metric, experiment }) => ({ usage: store.metricUsage(metric, experiment) }),
    paramUsage: ({ param, experiment }) => ({ usage: store.paramUsage(param, experiment) }),
  };
}
