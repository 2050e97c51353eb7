import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { errorCode } from '../base/errors';
import { later } from './load';
import type { FolderLink } from './serverConnection';

/**
 * The variables that let a process which Winnow does not start log to a folder's server: its address, a token for
 * logging only, and the folder's experiment once there is one. Null while the window has no server for the folder.
 */
export async function clientVariablesFor(link: FolderLink): Promise<Record<string, string> | null> {
  const { clientVariables } = await later();
  const { connection } = link;
  if (connection === null) return null;
  const experimentId = await experimentOf(link);
  return {
    ...clientVariables(connection, process.env),
    // For scripts that never call set_experiment. Its name would break the children of those that do.
    ...(experimentId === null ? {} : { MLFLOW_EXPERIMENT_ID: experimentId }),
  };
}

/** The experiment in which a script of the folder would be if it names none itself, if it exists. */
async function experimentOf(link: FolderLink): Promise<string | null> {
  const { locateStore, readWinnowYaml } = await later();
  const { folder } = await locateStore(link.folder.uri.fsPath);
  let name = path.basename(folder);
  try {
    name = readWinnowYaml(await readFile(path.join(folder, 'winnow.yaml'), 'utf8')).experiment ?? name;
  } catch (error) {
    // One that cannot be read is said when a run is started.
    if (errorCode(error) !== 'ENOENT') return null;
  }
  const client = await link.client();
  const { experiments } = await client.call('listExperiments', {});
  return experiments.find((experiment) => experiment.name === name)?.experimentId ?? null;
}
