import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { scriptOf } from '../scripts';
import type { Services } from '../services';
import { startScript } from '../startScript';

/** Runs the script given, the open one, or one chosen from those found. */
export const runExperiment = {
  id: COMMANDS.runExperiment,
  async run(services: Services, ...args: readonly unknown[]) {
    const script = await scriptOf(args, vscode.l10n.t('Run Experiment'));
    if (script === undefined) return undefined;
    return startScript(services, { link: services.folders.ofFile(script), script, args: [] });
  },
};
