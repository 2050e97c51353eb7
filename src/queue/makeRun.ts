import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, errorCode, messageOf } from '../base/errors';
import type { RequestOf } from '../api/endpoints';
import { type WinnowYaml, readWinnowYaml } from '../code/winnowYaml';
import { runPaths } from '../platform/attemptFiles';
import type { RunCommand, RunId } from '../model/run';
import type { NewRun } from './ledger';
import type { QueueServices } from './queue';

/**
 * What a request asks of the store: its run, without an attempt.
 * @throws UserError 'winnow-yaml' when that file cannot be read.
 */
export function runOf(
  { location }: QueueServices,
  request: RequestOf<'startRun'>,
  config: WinnowYaml,
): NewRun {
  return {
    requestId: request.requestId,
    experiment: request.experiment ?? config.experiment ?? path.basename(location.folder),
    goal: config.goal,
    name: request.name,
    command: commandOf(request),
    outputPath: (runId) => outputPathOf(location, runId),
  };
}

export function outputPathOf({ runs }: Pick<QueueServices['location'], 'runs'>, runId: RunId): string {
  return runPaths(path.join(runs, runId)).output;
}

/** The folder's winnow.yaml; its defaults when there is none. @throws UserError 'winnow-yaml'. */
export async function readConfig(folder: string): Promise<WinnowYaml> {
  let text = '';
  try {
    text = await readFile(path.join(folder, 'winnow.yaml'), 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      const why = `winnow.yaml in ${folder} cannot be read (${messageOf(error)}).`;
      throw new UserError('winnow-yaml', why, { cause: error });
    }
  }
  return readWinnowYaml(text);
}

/** The script as the run shows it: relative where it lies in the folder. */
function commandOf({ script, args, folder, python }: RequestOf<'startRun'>): RunCommand {
  const relative = path.relative(folder, path.resolve(folder, script));
  const inside = relative !== '' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return { python, script: inside ? relative : path.resolve(folder, script), args, folder };
}
