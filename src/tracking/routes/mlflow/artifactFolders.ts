import { UserError } from '../../../base/errors';
import { isLoggedModelId } from '../../../model/loggedModel';
import { isTraceId } from '../../../model/trace';
import type { Store } from '../../../store/store';

/**
 * Says whose folder of artifacts a path lies in: `<experiment>/<run>/artifacts`,
 * `<experiment>/models/<model>/artifacts` or `<experiment>/traces/<trace>/artifacts`. Every path that the proxy touches is in such a folder.
 * @param path was checked by `checkedPath`.
 * @param mustBeActive refuses the folder of what was deleted, for writing.
 * @returns the folder, which itself is never removed.
 * @throws UserError 'invalid' when it is in none, 'not-found' and 'run-deleted' when its owner is not there.
 */
export function artifactFolder(
  store: Pick<Store, 'runHead' | 'activeRun' | 'loggedModelHead' | 'traceHead'>,
  path: string,
  mustBeActive: boolean,
): string {
  const [experimentId, ...below] = path.split('/');
  const [first, second, third] = below;
  let folder: string;
  let owner: { readonly experimentId: number };
  if (/^[0-9a-f]{32}$/.test(first ?? '') && second === 'artifacts') {
    const runId = first ?? '';
    owner = mustBeActive ? store.activeRun(runId) : store.runHead(runId);
    folder = `${experimentId}/${runId}/artifacts`;
  } else if (first === 'models' && isLoggedModelId(second ?? '') && third === 'artifacts') {
    const model = store.loggedModelHead(second ?? '');
    if (mustBeActive && model.deleted) {
      throw new UserError('not-found', `Logged model with ID '${model.modelId}' not found.`);
    }
    owner = model;
    folder = loggedModelFolder(experimentId ?? '', model.modelId);
  } else if (first === 'traces' && isTraceId(second ?? '') && third === 'artifacts') {
    const trace = store.traceHead(second ?? '');
    owner = trace;
    folder = traceFolder(experimentId ?? '', trace.traceId);
  } else {
    throw new UserError('invalid', 'Invalid path');
  }
  if (String(owner.experimentId) !== experimentId) throw new UserError('invalid', 'Invalid path');
  return folder;
}

/** Where the files of a model are, below the folder of artifacts. */
export function loggedModelFolder(experimentId: string, modelId: string): string {
  return `${experimentId}/models/${modelId}/artifacts`;
}

/** Where the files of a trace are, below the folder of artifacts. */
export function traceFolder(experimentId: string, traceId: string): string {
  return `${experimentId}/traces/${traceId}/artifacts`;
}
