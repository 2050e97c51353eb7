import path from 'node:path';
import type { RequestOf } from '../api/endpoints';
import type { WinnowYaml } from '../code/winnowYaml';
import { runPaths } from '../platform/attemptFiles';
import { type RunCommand, type RunId, TAGS } from '../model/run';
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
  placement: Partial<NewRun['placement']> = {},
): NewRun {
  return {
    requestId: request.requestId,
    experiment: request.experiment ?? config.experiment ?? path.basename(location.folder),
    goal: config.goal,
    name: request.name,
    command: commandOf(request),
    outputPath: (runId) => outputPathOf(location, runId),
    tags: request.note === undefined || request.note === '' ? {} : { [TAGS.note]: request.note },
    placement: {
      requestKey: null,
      isolated: (request.edits ?? []).length > 0,
      gpuCount: request.gpuCount ?? 0,
      gpus: null,
      retries: request.retries ?? 0,
      params: request.params ?? {},
      ...placement,
    },
  };
}

export function outputPathOf({ runs }: Pick<QueueServices['location'], 'runs'>, runId: RunId): string {
  return runPaths(path.join(runs, runId)).output;
}

/** Variables for the script that a folder configures. */
export function configuredOf({ run }: WinnowYaml): Readonly<Record<string, string>> {
  return run.hook ? run.env : { ...run.env, WINNOW_HOOK: '0' };
}

/** The script as the run shows it: relative where it lies in the folder. */
function commandOf({ script, args, folder, python, variables = {} }: RequestOf<'startRun'>): RunCommand {
  const relative = path.relative(folder, path.resolve(folder, script));
  const inside = relative !== '' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return {
    ...{ python, script: inside ? relative : path.resolve(folder, script), args, folder },
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
  };
}
