import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/** Brings a deleted run back. */
export const restoreRun = {
  id: COMMANDS.restoreRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const refs = await runsOf(services, args, {
      title: vscode.l10n.t('Restore Deleted Run'),
      none: vscode.l10n.t('No run was deleted'),
      deleted: true,
    });
    for (const { link, runId } of refs) {
      await (await link.client()).call('restoreRuns', { runIds: [runId] });
      await services.tree.reveal(link, runId, { focus: false });
    }
  },
};
