import * as vscode from 'vscode';
import type { RunId } from '../model/run';
import { type RunQuestion, runsOf } from './pickRun';
import type { FolderLink } from './serverConnection';
import type { Services } from './services';

/** Sets a tag of runs, or takes it away with null: those a command was called on, selected or chosen. */
export async function markRuns(
  services: Services,
  args: readonly unknown[],
  tag: { readonly key: string; readonly value: string | null },
  question: Pick<RunQuestion, 'title' | 'accepts'>,
): Promise<void> {
  const refs = await runsOf(services, args, { ...question, none: vscode.l10n.t('There are no such runs') });
  const groups = new Map<FolderLink, RunId[]>();
  for (const { link, runId } of refs) groups.set(link, [...(groups.get(link) ?? []), runId]);
  for (const [link, runIds] of groups) {
    await (await link.client()).call('setTags', { runIds, tags: [tag] });
  }
}
