import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/** Shows what a run printed in a terminal that follows it. */
export const showOutput = {
  id: COMMANDS.showOutput,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Show Output'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found !== undefined) services.outputs.show(found.link, found.run, { preserveFocus: false });
  },
};
