import * as z from 'zod/mini';
import type { MlflowDeps, MlflowRoute } from './route';
import { artifactUri, optionalText, pageToken, readPageToken, readRunId } from './wire';

const PAGE = 10_000;

/** artifacts/list: files of a run, with paths relative to its artifact folder. */
export function artifactRoutes({ store, artifacts }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'GET',
      path: 'artifacts/list',
      async handle({ input }) {
        const run = store.runHead(readRunId(input));
        const query = z.object({ path: optionalText, page_token: optionalText }).parse(input);
        const offset = readPageToken(query.page_token);
        const below =
          query.path === undefined || query.path === '' ? '' : `${query.path.replace(/\/$/, '')}/`;
        const root = `${run.experimentId}/${run.runId}/artifacts`;
        const { entries, hasMore } = await artifacts.list(
          below === '' ? root : `${root}/${below.slice(0, -1)}`,
          { offset, limit: PAGE },
        );
        const files = entries.map(({ name, isDirectory, sizeBytes }) => ({
          path: below + name,
          is_dir: isDirectory,
          ...(isDirectory ? {} : { file_size: sizeBytes }),
        }));
        return {
          root_uri: artifactUri({ experimentId: String(run.experimentId), runId: run.runId }),
          ...(files.length > 0 ? { files } : {}),
          ...(hasMore ? { next_page_token: pageToken(offset + PAGE) } : {}),
        };
      },
    },
  ];
}
