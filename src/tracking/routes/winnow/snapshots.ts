import { UserError } from '../../../base/errors';
import { compareSnapshot, listSnapshot, readSnapshotFile } from '../../../capture/snapshot';
import { createGit } from '../../../git/git';
import type { RunDetail } from '../../../model/run';
import { readSnapshotTop } from '../../../promotion/snapshotTop';
import type { Store } from '../../../store/store';
import type { Handlers } from './index';

export interface SnapshotDeps {
  /** `.winnow/snapshots.git`. */
  readonly snapshots: string;
  /** The workspace folder: where a run without a command ran. */
  readonly folder: string;
}

export function snapshotHandlers({
  snapshots,
  folder,
  store,
}: SnapshotDeps & { readonly store: Pick<Store, 'getRun'> }): Handlers<
  'compareSnapshot' | 'listSnapshot' | 'readSnapshotFile'
> {
  const git = createGit();

  function withSnapshot(runId: string): { readonly run: RunDetail; readonly commit: string } {
    const run = store.getRun(runId);
    if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
    if (run.snapshot === null) {
      throw new UserError(
        'no-snapshot',
        `The run ${run.name} has no snapshot: Winnow did not start it, or its code could not be read then.`,
      );
    }
    return { run, commit: run.snapshot.commit };
  }

  return {
    async compareSnapshot({ runId, against }, { signal }) {
      const { run, commit } = withSnapshot(runId);
      const other = against === 'working-tree' ? against : { commit: withSnapshot(against.runId).commit };
      return compareSnapshot({
        folder: run.command?.folder ?? folder,
        snapshots,
        commit,
        against: other,
        signal,
      });
    },
    async listSnapshot({ runId }, { signal }) {
      const { commit } = withSnapshot(runId);
      const [top, paths] = await Promise.all([
        readSnapshotTop(git, snapshots, commit, signal),
        listSnapshot(snapshots, commit, signal),
      ]);
      return { top, paths };
    },
    async readSnapshotFile({ runId, path }, { signal }) {
      const content = await readSnapshotFile(snapshots, withSnapshot(runId).commit, path, signal);
      return { content: content === null ? null : content.toString('base64') };
    },
  };
}
