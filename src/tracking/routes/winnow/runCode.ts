import { UserError } from '../../../base/errors';
import { compareCode, compareWithBase, readBaseFile } from '../../../capture/codeChanges';
import type { RunDetail, RunSnapshot } from '../../../model/run';
import type { Store } from '../../../store/store';
import type { Handlers } from './index';
import type { SnapshotDeps } from './snapshots';

/** What changed in the code up to a run. */
export function runCodeHandlers({
  snapshots,
  folder,
  store,
}: SnapshotDeps & { readonly store: Pick<Store, 'getRun'> }): Handlers<'compareCode' | 'readBaseFile'> {
  function withSnapshot(runId: string): { readonly run: RunDetail; readonly snapshot: RunSnapshot } {
    const run = store.getRun(runId);
    if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
    if (run.snapshot === null) {
      throw new UserError(
        'no-snapshot',
        `The run ${run.name} has no snapshot: Winnow did not start it, or its code could not be read then.`,
      );
    }
    return { run, snapshot: run.snapshot };
  }

  function withBase(runId: string) {
    const { run, snapshot } = withSnapshot(runId);
    if (snapshot.baseCommit === null) {
      throw new UserError('no-base', `The run ${run.name} was not based on a commit: there was none.`);
    }
    return { commit: snapshot.commit, base: snapshot.baseCommit, folder: run.command?.folder ?? folder };
  }

  return {
    async compareCode({ runId, from }, { signal }) {
      if (from === 'base') {
        return { files: await compareWithBase({ snapshots, ...withBase(runId) }, signal) };
      }
      const before = withSnapshot(from.runId).snapshot.commit;
      const after = withSnapshot(runId).snapshot.commit;
      return { files: await compareCode(snapshots, before, after, signal) };
    },

    async readBaseFile({ runId, path }, { signal }) {
      const content = await readBaseFile({ snapshots, ...withBase(runId) }, path, signal);
      return { content: content === null ? null : content.toString('base64') };
    },
  };
}
