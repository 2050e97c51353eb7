import path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/** Shows what changed in the code since a run, in VS Code's own diff editor. */
export const compareWithWorkingTree = {
  id: COMMANDS.compareWithWorkingTree,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Compare Code with Working Tree'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder has a snapshot yet'),
    });
    if (found === undefined) return;
    const { link, run } = found;
    const client = await link.client();
    const { top, files } = await client.call('compareSnapshot', {
      runId: run.runId,
      against: 'working-tree',
    });
    if (files.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The code in the working tree is exactly what {0} ran.', run.name),
      );
      return;
    }
    const changes = files.map(({ path: file, change }) => {
      const now = vscode.Uri.file(path.join(top, file));
      const then = services.files.snapshotUri(link, run, file);
      // "added" is a file that came after the run, "deleted" one that the run had and that is gone.
      return [now, change === 'added' ? undefined : then, change === 'deleted' ? undefined : now];
    });
    await vscode.commands.executeCommand(
      'vscode.changes',
      vscode.l10n.t('{0} ↔ Working Tree', run.name),
      changes,
    );
  },
};
