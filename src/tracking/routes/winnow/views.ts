import * as z from 'zod/mini';
import { viewDefinition } from '../../../api/tableSchemas';
import type { Ingest } from '../../../ingest/ingest';
import type { SavedView } from '../../../model/savedView';
import type { Store } from '../../../store/store';
import type { Handlers } from './index';

/** The saved views of experiments' pages. */
export function viewHandlers({
  store,
  ingest,
}: {
  readonly store: Pick<Store, 'listViews' | 'saveView' | 'renameView' | 'deleteView'>;
  readonly ingest: Ingest;
}): Handlers<'listViews' | 'saveView' | 'renameView' | 'deleteView'> {
  /** A view that another version wrote and this one cannot read is left out, and stays in the store. */
  function viewsOf(experimentId: string): { views: SavedView[] } {
    const views = store.listViews(experimentId).flatMap(({ name, definition }): SavedView[] => {
      const read = z.safeParse(viewDefinition(), definition);
      return read.success ? [{ name, definition: read.data }] : [];
    });
    return { views };
  }

  return {
    listViews: ({ experimentId }) => viewsOf(experimentId),
    async saveView({ experimentId, view }) {
      await ingest.write('full', () => store.saveView(experimentId, view));
      return viewsOf(experimentId);
    },
    async renameView({ experimentId, name, to }) {
      await ingest.write('full', () => store.renameView(experimentId, name, to));
      return viewsOf(experimentId);
    },
    async deleteView({ experimentId, name }) {
      await ingest.write('full', () => store.deleteView(experimentId, name));
      return viewsOf(experimentId);
    },
  };
}
