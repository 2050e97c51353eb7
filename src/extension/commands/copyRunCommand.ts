import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { shellLine } from '../../code/shellLine';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/** Copies a line that starts the same script in the same folder, for a terminal. */
export const copyRunCommand = {
  id: COMMANDS.copyRunCommand,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Copy Run Command'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found === undefined) return;
    const { command, name } = found.run;
    if (command === null) {
      throw new UserError(
        'no-command',
        vscode.l10n.t('{0} was not started by Winnow: its command is not known.', name),
      );
    }
    const line = shellLine(command);
    await vscode.env.clipboard.writeText(line);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', line), 4_000);
  },
};
