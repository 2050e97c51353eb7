import * as vscode from 'vscode';
import { isRunId } from '../model/run';
import type { Services } from './services';
import { QueueRow } from './views/queueView';
import { RunRow } from './views/runsModel';

type Needs = Pick<Services, 'queue' | 'folders' | 'tree'>;

/**
 * The runs that wait which a command is about: rows of the queue or of the experiments, a run id, the rows that are
 * selected, or one chosen from a list. Empty when the person leaves the list, or nothing waits.
 */
export async function queuedRows(
  { queue }: Pick<Services, 'queue'>,
  args: readonly unknown[],
): Promise<readonly QueueRow[]> {
  const waiting = queue.rows();
  const [first, second] = args;
  const named = Array.isArray(second) && second.includes(first) ? second : [first];
  const ids = named.flatMap((each) =>
    each instanceof QueueRow || each instanceof RunRow ? [each.runId] : isRunId(each) ? [each] : [],
  );
  if (ids.length > 0) return waiting.filter(({ runId }) => ids.includes(runId));
  const selected = (await queue.selection()).map(({ runId }) => runId);
  if (selected.length > 0) {
    return waiting.filter(({ runId }) => selected.includes(runId));
  }
  interface Item extends vscode.QuickPickItem {
    readonly row?: QueueRow;
  }
  const items = waiting.map((row): Item => {
    return { label: row.run.name, description: String(queue.item(row).description), row };
  });
  const nothing: Item[] = [{ label: vscode.l10n.t('Nothing waits') }];
  const chosen = await vscode.window.showQuickPick(items.length > 0 ? items : nothing, {
    title: vscode.l10n.t('Runs That Wait'),
  });
  return chosen?.row === undefined ? [] : [chosen.row];
}

/**
 * Moves the rows that a command is about; they come together where the first of them goes.
 * @param placeOf the new place among those that stay, from 0, by the place there of the first.
 */
export async function moveQueued(
  services: Pick<Services, 'queue'>,
  args: readonly unknown[],
  placeOf: (at: number) => number,
): Promise<void> {
  const [first, ...others] = await queuedRows(services, args);
  if (first === undefined) return;
  const { queue } = services;
  const { link } = first;
  const runIds = [first, ...others].filter((row) => row.link === link).map(({ runId }) => runId);
  const rest = queue.rows().filter((row) => row.link === link && !runIds.includes(row.runId));
  const at = rest.filter(({ index }) => index < first.index).length;
  const before = rest[Math.max(0, placeOf(at))]?.runId ?? null;
  await (await link.client()).call('moveQueued', { runIds, before });
  await queue.model.refresh();
}

/** Pauses the queues of all folders that have one, or lets them go on. */
export async function setQueuePaused({ folders, queue }: Needs, paused: boolean): Promise<void> {
  for (const link of folders.all) {
    if (link.status.kind !== 'connected' && !(await link.hasStore())) continue;
    await (await link.client()).call('pauseQueue', { paused });
  }
  await queue.model.refresh();
}
