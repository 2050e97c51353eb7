import * as vscode from 'vscode';
import { debugScript } from '../debugScript';
import { COMMANDS } from '../ids';
import { targetOf } from '../scriptTarget';
import type { Services } from '../services';

/** Runs a script under VS Code's debugger, tracked as any other run. */
export const debugExperiment = {
  id: COMMANDS.debugExperiment,
  async run(services: Services, ...args: readonly unknown[]) {
    const target = await targetOf(services, args, vscode.l10n.t('Debug Experiment'));
    return target === undefined ? undefined : debugScript(services, target);
  },
};
