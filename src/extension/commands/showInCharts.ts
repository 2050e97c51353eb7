import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/** Turns runs on in charts. */
export const showInCharts = {
  id: COMMANDS.showInCharts,
  async run(services: Services, ...args: readonly unknown[]) {
    const runs = await runsOf(services, args, {
      title: vscode.l10n.t('Show in Charts'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    services.charts.turnOn(runs.map(({ runId }) => runId));
  },
};
