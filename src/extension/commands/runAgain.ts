import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';
import { startScript } from '../startScript';

/** Starts a run's script once more with the same arguments, with the code as it is now. */
export const runAgain = {
  id: COMMANDS.runAgain,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Run Again'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found === undefined) return undefined;
    const { link, run } = found;
    if (run.command === null) {
      throw new UserError(
        'no-command',
        vscode.l10n.t('{0} was not started by Winnow, so it is not known how to start it again.', run.name),
      );
    }
    const { script, folder, args: scriptArgs } = run.command;
    return startScript(services, {
      link,
      script: vscode.Uri.file(path.resolve(folder, script)),
      args: scriptArgs,
      directory: folder,
    });
  },
};
