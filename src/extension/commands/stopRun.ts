import * as vscode from 'vscode';
import { delay } from '../../base/abort';
import { type RunId, isOver } from '../../model/run';
import type { RunRef } from '../folderLink';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { Services } from '../services';

/**
 * Stops runs politely and shows how long they have for a checkpoint; called again meanwhile it kills them,
 * children included. Who does not follow within the grace time is killed, too.
 */
export const stopRun = {
  id: COMMANDS.stopRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const refs = await runsOf(services, args, {
      title: vscode.l10n.t('Stop Run'),
      accepts: (run) => !isOver(run.state) && run.hasRunner,
      none: vscode.l10n.t('Nothing is running'),
    });
    await Promise.all(refs.map((ref) => stop(services, ref)));
  },
};

const stopping = new Set<RunId>();

async function stop({ errors }: Pick<Services, 'errors'>, { link, runId }: RunRef): Promise<void> {
  const client = await link.client();
  const kill = stopping.has(runId);
  const { killAt } = await client.call('stopRun', { runId, kill });
  if (killAt === null || kill) return;
  stopping.add(runId);
  errors.background(
    'wait for a stop',
    showCountdown({ link, runId }, killAt).finally(() => stopping.delete(runId)),
  );
}

const TICK_MS = 500; // Half of what is shown, so that no second is skipped.

async function showCountdown({ link, runId }: RunRef, killAt: number): Promise<void> {
  const client = await link.client();
  const isGoingOn = async () => !isOver((await client.call('getRun', { runId })).run.state);
  await delay(TICK_MS); // Most scripts end at once: nothing flickers for them.
  if (!(await isGoingOn())) return;
  const { name } = (await client.call('getRun', { runId })).run;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: name },
    async (progress) => {
      do {
        const left = Math.ceil((killAt - Date.now()) / 1000);
        const message =
          left > 0
            ? vscode.l10n.t('Stopping, {0} s left for a checkpoint. Stop again to kill it.', left)
            : vscode.l10n.t('Killing what did not stop.');
        progress.report({ message });
        await delay(TICK_MS);
      } while (await isGoingOn());
    },
  );
}
