import path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { later } from '../load';
import { scriptOf } from '../scripts';
import type { Services } from '../services';
import { startScript } from '../startScript';

/** Runs a script with other values than its defaults, asked for beside what was used before. */
export const runWithParams = {
  id: COMMANDS.runWithParams,
  async run(services: Services, ...args: readonly unknown[]) {
    const script = await scriptOf(args, vscode.l10n.t('Run with Params'));
    if (script === undefined) return undefined;
    const link = services.folders.ofFile(script);
    const { askParams } = await later();
    const chosen = await askParams(link, script, path.basename(script.fsPath));
    if (chosen === undefined) return undefined;
    return startScript(services, { link, script, args: chosen });
  },
};
