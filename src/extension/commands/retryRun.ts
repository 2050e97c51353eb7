import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { isOver } from '../../model/run';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';
import { definedOnly } from '../startScript';

/** Queues runs that have ended once more, as new ones, with their code of then. */
export const retryRun = {
  id: COMMANDS.retryRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const refs = await runsOf(services, args, {
      title: vscode.l10n.t('Retry Run'),
      accepts: (run) => run.hasRunner && isOver(run.state),
      none: vscode.l10n.t('No run of this folder was started by Winnow and has ended'),
    });
    for (const { link, runId } of refs) {
      const client = await link.client();
      const env = definedOnly(process.env);
      const again = await client.call('retryRun', { requestId: randomUUID(), runId, env });
      services.charts.turnOn([again.runId]);
    }
  },
};
