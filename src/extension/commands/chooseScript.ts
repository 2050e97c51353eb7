import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { chooseScript as choose } from '../scripts';
import type { Services } from '../services';
import { startScript } from '../startScript';

/** Runs a script chosen from a list, whatever is open. */
export const chooseScript = {
  id: COMMANDS.chooseScript,
  async run(services: Services) {
    const script = await choose(vscode.l10n.t('Choose a Script to Run'));
    if (script === undefined) return undefined;
    return startScript(services, { link: services.folders.ofFile(script), script, args: [] });
  },
};
