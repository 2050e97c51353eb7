import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/** Brings the Experiments view up with a run selected: for links in hovers, pages and the status bar. */
export const openRun = {
  id: COMMANDS.openRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const [ref] = await runsOf(services, args, {
      title: vscode.l10n.t('Open Run'),
      none: vscode.l10n.t('There are no runs yet'),
    });
    if (ref !== undefined) await services.tree.reveal(ref.link, ref.runId);
  },
};
