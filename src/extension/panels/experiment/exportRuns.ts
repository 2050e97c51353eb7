import * as vscode from 'vscode';
import type { ApiClient } from '../../../api/client';
import { MOST_LISTED } from '../../../api/tableSchemas';
import type { ExportFormat } from '../../../model/runExport';
import { exportedText } from '../../../model/runExport';
import type { RunId } from '../../../model/run';
import type { Column, RunColumns, TableQuery } from '../../../model/table';

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly query: TableQuery;
  readonly runIds: readonly RunId[] | null;
  readonly columns: readonly Column[];
  readonly to: 'file' | 'clipboard';
}

const RUNS_A_CALL = 5_000; // A call of some tenths of a second: progress moves, and leaving it takes no longer.

/** Writes runs of a table to a file that the person chooses, or to the clipboard. Leaving it writes nothing. */
export async function exportRuns(
  client: ApiClient,
  folder: vscode.Uri,
  name: string,
  request: ExportRequest,
): Promise<void> {
  const { format, to } = request;
  if (to === 'clipboard') {
    const text = exportedText(format, request.columns, await readAll(client, request));
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 2_000);
    return;
  }
  const extension = { csv: 'csv', json: 'json', markdown: 'md' }[format];
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Runs'),
    defaultUri: vscode.Uri.joinPath(folder, `${fileName(name)}.${extension}`),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (target === undefined) return;
  const count = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Exporting runs'),
      cancellable: true,
    },
    async (progress, token) => {
      const leave = new AbortController();
      token.onCancellationRequested(() => leave.abort());
      const parts = await readAll(client, request, progress, leave.signal);
      const text = exportedText(format, request.columns, parts);
      leave.signal.throwIfAborted();
      await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
      return parts.reduce((sum, { runIds }) => sum + runIds.length, 0);
    },
  );
  const written = vscode.workspace.asRelativePath(target);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} runs written to {1}.', count, written), 5_000);
}

async function readAll(
  client: ApiClient,
  { query, runIds, columns }: ExportRequest,
  progress?: vscode.Progress<{ readonly message: string; readonly increment: number }>,
  signal?: AbortSignal,
): Promise<RunColumns[]> {
  const all = runIds ?? (await client.call('listRunIds', { query, limit: MOST_LISTED }, signal)).runIds;
  const parts: RunColumns[] = [];
  for (let from = 0; from < all.length; from += RUNS_A_CALL) {
    const some = all.slice(from, from + RUNS_A_CALL);
    const limit = some.length;
    parts.push(
      await client.call('readColumns', { query, runIds: [...some], columns: [...columns], limit }, signal),
    );
    progress?.report({
      message: vscode.l10n.t('{0} of {1}', from + limit, all.length),
      increment: (100 * limit) / all.length,
    });
  }
  return parts;
}

/** A name without what paths have a meaning for. */
export function fileName(name: string): string {
  const kept = [...name].map((one) => (/[\\/:*?"<>|]/.test(one) || one < ' ' ? '-' : one)).join('');
  return kept.trim().slice(0, 100) || 'runs';
}
