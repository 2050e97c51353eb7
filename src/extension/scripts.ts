import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import { later } from './load';
import { notebookOf } from './notebooks';

/** A Python file of the folders, and how much it looks like a training script. */
export interface FoundScript {
  readonly uri: vscode.Uri;
  readonly score: number;
  /** What was seen in it, such as "logs metrics with MLflow, takes --lr and --epochs". */
  readonly why: string;
}

/** The Python file in the active editor, or the one editor that shows one; undefined without. */
export function openScript(): vscode.Uri | undefined {
  const isScript = (document: vscode.TextDocument | undefined) =>
    document?.languageId === 'python' && document.uri.scheme === 'file';
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && isScript(active)) return active.uri;
  const visible = vscode.window.visibleTextEditors.filter(({ document }) => isScript(document));
  return visible.length === 1 ? visible[0]?.document.uri : undefined;
}

const EXCLUDE =
  '**/{.*,node_modules,site-packages,__pycache__,venv,env,mlruns,mlartifacts,wandb,build,dist,tests,test}/**';
const MAX_FILES = 300; // Reading a file for its signs takes about a millisecond.
const MAX_BYTES = 400_000; // A larger one is generated.

/** The Python files of the folders, those that look like training first. */
export async function findScripts(token?: vscode.CancellationToken): Promise<readonly FoundScript[]> {
  const [uris, { looksLikeTraining }] = await Promise.all([
    vscode.workspace.findFiles('**/*.py', EXCLUDE, MAX_FILES, token),
    later(),
  ]);
  const scripts: FoundScript[] = [];
  for (const uri of uris) {
    if (token?.isCancellationRequested === true) break;
    const source = await readSource(uri);
    if (source === null) continue;
    scripts.push({ uri, ...looksLikeTraining(source) });
  }
  return scripts.sort(
    (a, b) => b.score - a.score || depthOf(a.uri) - depthOf(b.uri) || a.uri.path.localeCompare(b.uri.path),
  );
}

function depthOf(uri: vscode.Uri): number {
  return uri.path.split('/').length;
}

/** The text of a Python file as the editor has it, else as it lies on the disk; null when it cannot be read. */
export async function readSource(uri: vscode.Uri): Promise<string | null> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_BYTES) return null;
    return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  } catch {
    /* Gone or unreadable since it was listed: not one to offer. */
    return null;
  }
}

/**
 * The script or notebook that a command is about: the file it was called on, the open one, or one chosen from a list.
 * Undefined when the person leaves the list.
 */
export async function scriptOf(args: readonly unknown[], title: string): Promise<vscode.Uri | undefined> {
  const [given] = args;
  if (given instanceof vscode.Uri) return checked(given);
  const notebook = notebookOf(given) ?? vscode.window.activeNotebookEditor?.notebook.uri;
  if (notebook !== undefined) return checked(notebook);
  return openScript() ?? (await suggestedScript()) ?? chooseScript(title);
}

/** The one script that clearly trains, or the only one there is: asking would be a formality. */
export async function suggestedScript(): Promise<vscode.Uri | undefined> {
  const [best, next] = await findScripts();
  return best !== undefined && (next === undefined || best.score > next.score) ? best.uri : undefined;
}

/** Lets the person choose among the scripts of the folders. */
export async function chooseScript(title: string): Promise<vscode.Uri | undefined> {
  const items = (async () => {
    const scripts = await findScripts();
    if (scripts.length === 0) {
      throw new UserError(
        'no-scripts',
        vscode.l10n.t('There is no Python file in this folder. Open the folder with your training scripts.'),
      );
    }
    return scripts.map(({ uri, why }) => ({
      label: path.basename(uri.fsPath),
      description: path.dirname(vscode.workspace.asRelativePath(uri)).replace(/^\.$/, ''),
      ...(why === '' ? {} : { detail: why }),
      uri,
    }));
  })();
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    matchOnDescription: true,
    placeHolder: vscode.l10n.t('Scripts that look like training come first'),
  });
  return chosen?.uri;
}

function checked(uri: vscode.Uri): vscode.Uri {
  if (uri.scheme === 'file') return uri;
  throw new UserError(
    'not-a-file',
    vscode.l10n.t('{0} is not a file on this disk: save it first, then run it.', path.basename(uri.path)),
  );
}
