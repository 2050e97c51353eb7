import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { experimentOf } from '../pickExperiment';
import type { Services } from '../services';

/** Opens the page of an experiment: its runs as a table, and charts of those that are on. */
export const openExperiment = {
  id: COMMANDS.openExperiment,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await experimentOf(services, args, vscode.l10n.t('Open Experiment'));
    if (found === undefined) return;
    await services.experimentPages.open(found.link.folder.uri.fsPath, found.experiment.experimentId);
  },
};
