import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import type { Sliced } from '../../../base/slices';
import { inSlices } from '../../inSlices';
import type { Handlers } from './index';

/** When nobody looks at a table for so long, its memory is given back: tens of megabytes with 100,000 runs. */
const FORGET_MS = 5 * 60_000;

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
  let timer: NodeJS.Timeout | undefined;

  function read<T>(work: Sliced<T>, signal: AbortSignal): Promise<T> {
    clearTimeout(timer);
    timer = setTimeout(() => store.forgetTable(), FORGET_MS).unref();
    return inSlices(work, signal);
  }

  return {
    readTable: ({ query, columns, from, count }, { signal }) =>
      read(store.readTable(query, columns, from, count), signal),
    async listColumns(query, { signal }) {
      return { columns: await read(store.listColumns(query), signal) };
    },
    async listValues({ experimentIds, column, containing, limit }, { signal }) {
      return { values: await read(store.listValues(experimentIds, column, containing, limit), signal) };
    },
    async findRow({ query, runId }, { signal }) {
      return { index: await read(store.findRow(query, runId), signal) };
    },
    async listRunIds({ query, limit }, { signal }) {
      return { runIds: await read(store.listRunIds(query, limit), signal) };
    },
    readColumns: ({ query, runIds, columns, limit }, { signal }) =>
      read(store.readColumns(query, runIds, columns, limit), signal),

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
