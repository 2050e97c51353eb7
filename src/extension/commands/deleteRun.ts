import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { type Run, type RunId, isOver } from '../../model/run';
import { COMMANDS } from '../ids';
import { runsOf } from '../pickRun';
import type { FolderLink, RunRef } from '../serverConnection';
import type { Services } from '../services';

/** Deletes runs at once and offers to bring them back: no question before a thing that can be undone. */
export const deleteRun = {
  id: COMMANDS.deleteRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const refs = await runsOf(services, args, {
      title: vscode.l10n.t('Delete Run'),
      accepts: (run) => isOver(run.state),
      none: vscode.l10n.t('There is no run that could be deleted'),
    });
    if (refs.length === 0) return;
    const groups = byFolder(refs);
    const runs: Run[] = [];
    for (const [link, runIds] of groups) {
      const client = await link.client();
      runs.push(...(await client.call('searchRuns', { runIds: [...runIds] })).runs);
    }
    const live = runs.find((run) => !isOver(run.state));
    if (live !== undefined) {
      throw new UserError(
        'run-live',
        vscode.l10n.t('{0} is still running. Stop it first, then delete it.', live.name),
      );
    }
    for (const [link, runIds] of groups) {
      await (await link.client()).call('deleteRuns', { runIds: [...runIds] });
    }
    const wereOn = refs.map(({ runId }) => runId).filter((id) => services.colours.slotOf(id) !== undefined);
    services.charts.turnOff(wereOn);
    services.errors.background('offer to undo', offerUndo(services, groups, runs, wereOn));
  },
};

async function offerUndo(
  { errors, charts }: Services,
  groups: ReadonlyMap<FolderLink, readonly RunId[]>,
  runs: readonly Run[],
  wereOn: readonly RunId[],
): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  const what =
    runs.length === 1
      ? vscode.l10n.t('Deleted {0}.', runs[0]?.name ?? '')
      : vscode.l10n.t('Deleted {0} runs.', runs.length);
  if ((await vscode.window.showInformationMessage(what, undo)) !== undo) return;
  await errors.guard(async () => {
    for (const [link, runIds] of groups) {
      await (await link.client()).call('restoreRuns', { runIds: [...runIds] });
    }
    charts.turnOn(wereOn);
  });
}

function byFolder(refs: readonly RunRef[]): ReadonlyMap<FolderLink, readonly RunId[]> {
  const groups = new Map<FolderLink, RunId[]>();
  for (const { link, runId } of refs) groups.set(link, [...(groups.get(link) ?? []), runId]);
  return groups;
}
