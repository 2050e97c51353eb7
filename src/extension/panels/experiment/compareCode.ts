import * as vscode from 'vscode';
import { UserError } from '../../../base/errors';
import type { RunId } from '../../../model/run';
import type { FolderLink } from '../../folderLink';
import type { ReadOnlyFiles } from '../../readOnlyFiles';

/** Shows what differs between the code of two runs in VS Code's own editor of changes. */
export async function compareCode(
  link: FolderLink,
  files: Pick<ReadOnlyFiles, 'snapshotUri'>,
  from: RunId,
  to: RunId,
): Promise<void> {
  const client = await link.client();
  const { runs } = await client.call('searchRuns', { runIds: [from, to] });
  const [before, after] = [from, to].map((runId) => runs.find((run) => run.runId === runId));
  if (before === undefined || after === undefined) {
    throw new UserError('run-unknown', vscode.l10n.t('One of the runs is not there any more.'));
  }
  const changes = await client.call('compareCode', { runId: to, from: { runId: from } });
  if (changes.files.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} and {1} ran the same code.', before.name, after.name),
    );
    return;
  }
  await vscode.commands.executeCommand(
    'vscode.changes',
    `${before.name} ↔ ${after.name}`,
    changes.files.map(({ path }) => [
      files.snapshotUri(link, after, path),
      files.snapshotUri(link, before, path),
      files.snapshotUri(link, after, path),
    ]),
  );
}
