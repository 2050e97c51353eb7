import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../base/errors';

const EXCLUDE = '**/{.*,node_modules,site-packages,venv,env}/**';
const MAX_FILES = 300;

/** The notebook in the active editor, or undefined. */
export function openNotebook(): vscode.Uri | undefined {
  const { activeNotebookEditor, activeTextEditor, tabGroups } = vscode.window;
  if (activeNotebookEditor !== undefined) return activeNotebookEditor.notebook.uri;
  const input = tabGroups.activeTabGroup.activeTab?.input;
  const shown =
    input instanceof vscode.TabInputNotebook || input instanceof vscode.TabInputText ? input.uri : null;
  const uri = activeTextEditor?.document.uri ?? shown ?? undefined;
  return uri !== undefined && isNotebook(uri) ? uri : undefined;
}

/**
 * The notebook that a command is about: the file it was called on, the open one, or one chosen from a list.
 * Undefined when the person leaves the list.
 */
export async function chosenNotebook(
  args: readonly unknown[],
  title: string,
): Promise<vscode.Uri | undefined> {
  const given = args.map(notebookOf).find((uri) => uri !== undefined);
  return given ?? openNotebook() ?? pickNotebook(title);
}

/** The notebook that a menu calls a command on: menus give a file, the toolbar of a notebook an object. */
export function notebookOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return isNotebook(argument) ? argument : undefined;
  if (typeof argument !== 'object' || argument === null || !('notebookEditor' in argument)) return undefined;
  const { notebookEditor } = argument;
  if (typeof notebookEditor !== 'object' || notebookEditor === null) return undefined;
  return 'notebookUri' in notebookEditor && notebookEditor.notebookUri instanceof vscode.Uri
    ? notebookEditor.notebookUri
    : undefined;
}

async function pickNotebook(title: string): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.ipynb', EXCLUDE, MAX_FILES);
  if (found.length === 0) {
    throw new UserError('no-notebooks', vscode.l10n.t('There is no notebook in the folders of this window.'));
  }
  const items = found.map((uri) => ({
    label: path.basename(uri.fsPath),
    description: path.dirname(vscode.workspace.asRelativePath(uri)).replace(/^\.$/, ''),
    uri,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.uri;
}

function isNotebook(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith('.ipynb');
}
