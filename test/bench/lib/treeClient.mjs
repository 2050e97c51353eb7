// The tree's model of a folder and the window's client, bundled so that the bench asks as the window does.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../../scripts/project.mjs';
import { temporaryFolder } from './owned.mjs';

const ENTRY = `
export { createClient } from './src/api/client';
export { RunsModel } from './src/extension/views/runsModel';
export { PLAIN_CHOICE } from './src/extension/views/treeChoice';
`;

/** @returns what the tree is made of, and a client of the server. */
export async function treeClient({ env }) {
  const outfile = path.join(await temporaryFolder('tree'), 'tree.mjs');
  await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    logLevel: 'error',
  });
  const { createClient, RunsModel, PLAIN_CHOICE } = await import(pathToFileURL(outfile));
  const client = createClient({ trackingUri: env.MLFLOW_TRACKING_URI, token: env.MLFLOW_TRACKING_TOKEN });
  const open = (choice = {}) =>
    new RunsModel(
      '/bench',
      async () => client,
      (error) => {
        throw error;
      },
      250,
      { ...PLAIN_CHOICE, ...choice },
    );
  return { client, open };
}
