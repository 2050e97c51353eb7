import * as vscode from 'vscode';
import { isOver } from '../../model/run';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import { confirmPlan, showPlan } from '../promotionPicker';
import { offerUndo } from '../promotionUndo';
import type { Services } from '../services';

/** Saves a run's code and record as a commit: plan, native diff, confirm, do, and offer to undo. */
export const promoteRun = {
  id: COMMANDS.promoteRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Promote Run to Repository'),
      accepts: (run) => run.hasRunner && isOver(run.state),
      none: vscode.l10n.t('No finished run of this folder can be promoted yet'),
    });
    if (found === undefined) return;
    const { link, run } = found;
    const client = await link.client();
    const { plan } = await client.call('planPromotion', { runId: run.runId });
    await showPlan(services, link, run, plan);
    const confirmed = await confirmPlan(services, link, run, plan);
    if (confirmed === undefined) return;
    const { promotion } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Promoting {0}', run.name) },
      () => client.call('applyPromotion', { plan: confirmed }),
    );
    services.errors.background(
      'promotion',
      offerUndo(services, link, run.name, promotion, () => showPlan(services, link, run, confirmed)),
    );
  },
};
