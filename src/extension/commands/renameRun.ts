import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

const MAX_LENGTH = 250; // What the store keeps of a name.

/** Gives a run another name. */
export const renameRun = {
  id: COMMANDS.renameRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Rename Run'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    if (found === undefined) return;
    const { link, run } = found;
    const name = await vscode.window.showInputBox({
      title: vscode.l10n.t('Rename {0}', run.name),
      value: run.name,
      validateInput: (text) =>
        text.trim() === ''
          ? vscode.l10n.t('A run needs a name.')
          : text.trim().length > MAX_LENGTH
            ? vscode.l10n.t('A name has at most {0} characters.', MAX_LENGTH)
            : undefined,
    });
    if (name === undefined || name.trim() === run.name) return;
    await (await link.client()).call('renameRun', { runId: run.runId, name: name.trim() });
  },
};
