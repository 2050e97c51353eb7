import * as vscode from 'vscode';
import type { ApiClient } from '../../../api/client';
import type { PageView } from '../../../api/experimentPage';
import { readSharedViews, withSharedViews } from '../../../code/sharedViews';
import type { ExperimentId } from '../../../model/run';
import { editorFiles } from '../params/files';

const FILE = 'winnow.yaml';

/** The views of an experiment: those that are kept in the store, and behind them those of winnow.yaml. */
export async function readViews(
  client: ApiClient,
  folder: vscode.Uri,
  experimentId: ExperimentId,
  experiment: string,
): Promise<{ readonly views: readonly PageView[]; readonly problem: string | null }> {
  const [{ views }, text] = await Promise.all([
    client.call('listViews', { experimentId }),
    editorFiles(folder).read(FILE),
  ]);
  if (text === null) return { views, problem: null };
  const shared = readSharedViews(text, experiment);
  const own = new Set(views.map(({ name }) => name));
  const others = shared.views.filter(({ name }) => !own.has(name));
  return { views: [...views, ...others.map((view) => ({ ...view, shared: true }))], problem: shared.problem };
}

/** Writes views into winnow.yaml, in an editor that shows them and that the person saves. */
export async function shareViews(
  folder: vscode.Uri,
  experiment: string,
  views: readonly PageView[],
): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, FILE);
  const isThere = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  // A file that is not there yet is an untitled one of its name: nothing is written before it is saved.
  const document = await vscode.workspace.openTextDocument(isThere ? uri : uri.with({ scheme: 'untitled' }));
  const before = document.getText();
  const after = withSharedViews(
    before,
    experiment,
    views.map(({ name, definition }) => ({ name, definition })),
  );
  const edit = new vscode.WorkspaceEdit();
  const kept = commonStart(before, after);
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(document.uri, new vscode.Range(document.positionAt(kept), end), after.slice(kept));
  await vscode.workspace.applyEdit(edit);
  const shown = document.getText().search(/^views:/m);
  const at = document.positionAt(Math.max(0, shown));
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(at, at),
  });
}

/** Whether a document is the folder's winnow.yaml. */
export function isWinnowYaml(folder: vscode.Uri, document: vscode.TextDocument): boolean {
  return document.uri.fsPath === vscode.Uri.joinPath(folder, FILE).fsPath;
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
