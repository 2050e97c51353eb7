import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/** Turns runs off in charts. */
export const hideFromCharts = {
  id: COMMANDS.hideFromCharts,
  async run(services: Services, ...args: readonly unknown[]) {
    const runs = await runsOf(services, args, {
      title: vscode.l10n.t('Hide from Charts'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    services.charts.turnOff(runs.map(({ runId }) => runId));
  },
};
