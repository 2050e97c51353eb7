import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/** Opens a file of the code exactly as a run ran it, read-only. */
export const openSnapshot = {
  id: COMMANDS.openSnapshot,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Open Snapshot'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder has a snapshot yet'),
    });
    if (found === undefined) return;
    const { link, run } = found;
    if (run.snapshot === null) {
      throw new UserError(
        'no-snapshot',
        vscode.l10n.t('There is no snapshot of {0}: its code was not recorded.', run.name),
      );
    }
    const client = await link.client();
    const { paths } = await client.call('listSnapshot', { runId: run.runId });
    const script = run.command?.script;
    const items = [...paths]
      .sort((a, b) => Number(isScript(b, script)) - Number(isScript(a, script)) || a.localeCompare(b))
      .map((file) => ({
        label: path.posix.basename(file),
        description: path.posix.dirname(file).replace(/^\.$/, ''),
        file,
      }));
    const leftOut = run.snapshot.leftOut.map(({ path: file, why }) => ({
      label: path.posix.basename(file),
      description: vscode.l10n.t('{0}: not in the snapshot, {1}', path.posix.dirname(file), why),
      file: null,
    }));
    const chosen = await vscode.window.showQuickPick([...items, ...leftOut], {
      title: vscode.l10n.t('The Code That {0} Ran', run.name),
      placeHolder: vscode.l10n.t('Type a part of a file name'),
      matchOnDescription: true,
    });
    if (chosen === undefined || chosen.file === null) return;
    await vscode.commands.executeCommand('vscode.open', services.files.snapshotUri(link, run, chosen.file));
  },
};

function isScript(file: string, script: string | undefined): boolean {
  return script !== undefined && (file === script || file.endsWith(`/${script}`));
}
