import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { scriptOf } from '../scripts';
import type { Services } from '../services';

/** Shows the params of a script beside it, each with what was used before, to run it with others. */
export const runWithParams = {
  id: COMMANDS.runWithParams,
  async run(services: Services, ...args: readonly unknown[]) {
    const script = await scriptOf(args, vscode.l10n.t('Run with Params'));
    if (script === undefined) return;
    await services.forms.open(services.folders.ofFile(script), script);
  },
};
