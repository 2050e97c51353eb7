import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/** Shows the params of a run's script with the values of that run, to change some of them. */
export const runAgainWith = {
  id: COMMANDS.runAgainWith,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Run Again with Other Values'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found === undefined) return;
    const { link, run } = found;
    if (run.command === null) {
      throw new UserError(
        'no-command',
        vscode.l10n.t('{0} was not started by Winnow, so it is not known how to start it again.', run.name),
      );
    }
    const { script, folder } = run.command;
    await services.forms.open(link, vscode.Uri.file(path.resolve(folder, script)), run);
  },
};
