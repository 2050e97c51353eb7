import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import { inSlices } from '../../inSlices';
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
    async metricUsage({ metric, experiment }, { signal }) {
      return { usage: await inSlices(store.metricUsage(metric, experiment), signal) };
    },
    async paramUsage({ param, experiment }, { signal }) {
      return { usage: await inSlices(store.paramUsage(param, experiment), signal) };
    },
  };
}
