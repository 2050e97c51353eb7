import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import { inSlices } from '../../inSlices';
import type { Handlers } from './index';

/** The runs table of an experiment's page. */
export function tableHandlers({
  store,
  ingest,
}: {
  readonly store: Store;
  readonly ingest: Ingest;
}): Handlers<
  'readTable' | 'listColumns' | 'listValues' | 'findRow' | 'listRunIds' | 'readColumns' | 'setTags'
> {
  return {
    readTable: ({ query, columns, from, count }, { signal }) =>
      inSlices(store.readTable(query, columns, from, count), signal),
    async listColumns(query, { signal }) {
      return { columns: await inSlices(store.listColumns(query), signal) };
    },
    async listValues({ experimentIds, column, containing, limit }, { signal }) {
      return { values: await inSlices(store.listValues(experimentIds, column, containing, limit), signal) };
    },
    async findRow({ query, runId }, { signal }) {
      return { index: await inSlices(store.findRow(query, runId), signal) };
    },
    async listRunIds({ query, limit }, { signal }) {
      return { runIds: await inSlices(store.listRunIds(query, limit), signal) };
    },
    readColumns: ({ query, runIds, columns, limit }, { signal }) =>
      inSlices(store.readColumns(query, runIds, columns, limit), signal),

    async setTags({ runIds, tags }) {
      await ingest.write('full', () => {
        for (const runId of runIds) {
          const run = store.activeRun(runId);
          const set = tags.flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
          store.setTags(run, set);
          for (const { key, value } of tags) {
            // Repeating it changes nothing.
            if (value === null && store.getTag(run, key) !== null) store.deleteTag(run, key);
          }
        }
      });
      return {};
    },
  };
}
