import { UserError } from '../../../base/errors';
import type { Store } from '../../../store/store';
import { checkedPath, invalidPath } from '../../artifactPath';

/** What owns files: their path and everything below it are its own. */
export interface ArtifactOwner {
  /** The checked path that was asked for. */
  readonly path: string;
  /** The folder of the owner's artifacts, such as `7/<run>/artifacts`. */
  readonly folder: string;
  /** @throws UserError when nothing may be written for it any more. */
  assertWritable(): void;
}

const RUN_ID = /^[0-9a-f]{32}$/;

/**
 * Whose files a path of the artifact proxy names: `<experiment>/<run>/artifacts/…`.
 * @throws RequestError 400 'Invalid path', UserError 'not-found' when there is no such run.
 */
export function ownerOf(
  store: Pick<Store, 'runHead' | 'activeRun' | 'readOnly'>,
  relative: string,
): ArtifactOwner {
  const path = checkedPath(relative);
  const [experimentId, runId = '', folder] = path.split('/');
  const run = RUN_ID.test(runId) ? store.runHead(runId) : null;
  if (run === null || String(run.experimentId) !== experimentId || folder !== 'artifacts') {
    throw invalidPath();
  }
  return {
    path,
    folder: `${experimentId}/${runId}/artifacts`,
    assertWritable() {
      if (store.readOnly !== null) throw new UserError('store-read-only', store.readOnly);
      store.activeRun(runId);
    },
  };
}
