import * as z from 'zod/mini';
import { artifactListing } from './artifactListing';
import type { MlflowDeps, MlflowRoute } from './route';
import { artifactUri, optionalText, readRunId } from './wire';

/** artifacts/list: files of a run, with paths relative to its artifact folder. */
export function artifactRoutes({ store, artifacts }: MlflowDeps): MlflowRoute[] {
  return [
    {
      method: 'GET',
      path: 'artifacts/list',
      async handle({ input }) {
        const run = store.runHead(readRunId(input));
        const query = z.object({ path: optionalText, page_token: optionalText }).parse(input);
        const root = `${run.experimentId}/${run.runId}/artifacts`;
        return {
          root_uri: artifactUri({ experimentId: String(run.experimentId), runId: run.runId }),
          ...(await artifactListing(artifacts, root, query.path, query.page_token)),
        };
      },
    },
  ];
}
