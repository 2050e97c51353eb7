import * as vscode from 'vscode';
import { fileName } from './experiment/exportRuns';

/** Asks where to, beginning in the folder, and writes it; nothing when the question was left. */
export async function saveFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(folder), fileName(name)),
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes);
}
