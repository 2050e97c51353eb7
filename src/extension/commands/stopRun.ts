import * as vscode from 'vscode';
import { isOver } from '../../model/run';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/** Stops runs politely; who does not follow within the grace time is killed, children included. */
export const stopRun = {
  id: COMMANDS.stopRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const refs = await runsOf(services, args, {
      title: vscode.l10n.t('Stop Run'),
      accepts: (run) => !isOver(run.state) && run.hasRunner,
      none: vscode.l10n.t('Nothing is running'),
    });
    await Promise.all(refs.map(async ({ link, runId }) => (await link.client()).call('stopRun', { runId })));
  },
};
