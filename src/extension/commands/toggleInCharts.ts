import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/** Turns the selected runs on in charts, or off when all of them are on. */
export const toggleInCharts = {
  id: COMMANDS.toggleInCharts,
  async run(services: Services, ...args: readonly unknown[]) {
    const { charts, colours } = services;
    const runs = await runsOf(services, args, {
      title: vscode.l10n.t('Show or Hide in Charts'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    const runIds = runs.map(({ runId }) => runId);
    if (runIds.every((runId) => colours.slotOf(runId) !== undefined)) charts.turnOff(runIds);
    else charts.turnOn(runIds);
  },
};
