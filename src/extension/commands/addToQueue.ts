import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { scriptOf } from '../scripts';
import type { Services } from '../services';
import { startScript } from '../startScript';

/** Lets a script wait for a slot, as it is now and with its own defaults. */
export const addToQueue = {
  id: COMMANDS.addToQueue,
  async run(services: Services, ...args: readonly unknown[]) {
    const script = await scriptOf(args, vscode.l10n.t('Add to Queue'));
    if (script === undefined) return undefined;
    const link = services.folders.ofFile(script);
    const chosen = { mode: 'queue', variables: {}, edits: [], params: {}, note: '' } as const;
    return startScript(services, { link, script, args: [], chosen });
  },
};
