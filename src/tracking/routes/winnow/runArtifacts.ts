import { closeSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { UserError } from '../../../base/errors';
import type { Store } from '../../../store/store';
import { checkedPath } from '../../artifactPath';
import type { Artifacts } from '../../artifacts';
import type { Handlers } from './index';

const PAGE = 500; // More rows of one folder are asked for when somebody wants to see them.

export function runArtifactHandlers({
  store,
  artifacts,
}: {
  readonly store: Pick<Store, 'runHead' | 'activeRun' | 'readOnly'>;
  readonly artifacts: Pick<Artifacts, 'list' | 'open' | 'write'>;
}): Handlers<'listArtifacts' | 'readArtifact' | 'writeArtifact'> {
  /** A path of a client below the run's own folder: checked by itself, so that it cannot lead out of it. */
  function within(runId: string, path: string): string {
    const { experimentId } = store.runHead(runId);
    const folder = `${experimentId}/${runId}/artifacts`;
    return path === '' ? folder : `${folder}/${checkedPath(path)}`;
  }

  return {
    async listArtifacts({ runId, folder, offset = 0, limit = PAGE }) {
      const { entries, hasMore } = await artifacts.list(within(runId, folder), { offset, limit });
      return {
        entries: entries.map(({ name, isDirectory, sizeBytes }) => ({
          name,
          isFolder: isDirectory,
          sizeBytes,
        })),
        hasMore,
      };
    },

    readArtifact({ runId, path, maxBytes }) {
      const { fd, sizeBytes } = artifacts.open(within(runId, path));
      try {
        const content = Buffer.alloc(Math.min(maxBytes, sizeBytes));
        let length = 0;
        while (length < content.length) {
          const read = readSync(fd, content, length, content.length - length, length);
          if (read === 0) break; // It became shorter meanwhile.
          length += read;
        }
        return { content: content.subarray(0, length).toString('base64'), sizeBytes };
      } catch (error) {
        throw new UserError('artifact-unreadable', `The artifact ${path} could not be read.`, {
          cause: error,
        });
      } finally {
        closeSync(fd);
      }
    },

    async writeArtifact({ runId, path, content }) {
      store.activeRun(runId); // A deleted run keeps what it has.
      if (store.readOnly !== null) throw new UserError('store-read-only', store.readOnly);
      const bytes = Buffer.from(content, 'base64');
      await artifacts.write(within(runId, path), Readable.from([bytes]), bytes.length);
      return {};
    },
  };
}
