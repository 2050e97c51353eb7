import { UserError } from '../../../base/errors';
import { isLoggedModelId } from '../../../model/loggedModel';
import { isTraceId } from '../../../model/trace';
import type { Store } from '../../../store/store';
import { checkedPath, invalidPath } from '../../artifactPath';
import { loggedModelFolder, runFolder, traceFolder } from './artifactFolders';

/** What owns files: their path and everything below it are its own. */
export interface ArtifactOwner {
  /** The checked path that was asked for. */
  readonly path: string;
  /** The folder of the owner's artifacts, such as `7/<run>/artifacts`; it itself is never removed. */
  readonly folder: string;
  /** @throws UserError when nothing may be written for it any more. */
  assertWritable(): void;
}

type OwnerStore = Pick<Store, 'runHead' | 'activeRun' | 'loggedModelHead' | 'traceHead' | 'readOnly'>;

const RUN_ID = /^[0-9a-f]{32}$/;

/**
 * Whose files a path of the artifact proxy names: those of a run (`<experiment>/<run>/artifacts/…`), a logged model
 * (`<experiment>/models/<model>/artifacts/…`) or a trace (`<experiment>/traces/<trace>/artifacts/…`).
 * @throws RequestError 400 'Invalid path', UserError 'not-found' when there is no such owner.
 */
export function ownerOf(store: OwnerStore, relative: string): ArtifactOwner {
  const path = checkedPath(relative);
  const owner = findOwner(store, path);
  if (owner === null || !(path === owner.folder || path.startsWith(`${owner.folder}/`))) throw invalidPath();
  return {
    path,
    folder: owner.folder,
    assertWritable() {
      if (store.readOnly !== null) throw new UserError('store-read-only', store.readOnly);
      owner.assertActive();
    },
  };
}

function findOwner(
  store: OwnerStore,
  path: string,
): { readonly folder: string; assertActive(): void } | null {
  const [, first = '', second = ''] = path.split('/');
  if (RUN_ID.test(first)) {
    const run = store.runHead(first);
    return { folder: runFolder(run.experimentId, first), assertActive: () => void store.activeRun(first) };
  }
  if (first === 'models' && isLoggedModelId(second)) {
    const model = store.loggedModelHead(second);
    return {
      folder: loggedModelFolder(model.experimentId, second),
      assertActive() {
        if (model.deleted) throw new UserError('not-found', `Logged model with ID '${second}' not found.`);
      },
    };
  }
  if (first === 'traces' && isTraceId(second)) {
    const trace = store.traceHead(second);
    return { folder: traceFolder(trace.experimentId, trace.traceId), assertActive: () => undefined };
  }
  return null;
}
