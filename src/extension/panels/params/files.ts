import path from 'node:path';
import * as vscode from 'vscode';
import type { ScriptFiles } from '../../../code/params';

const MOST_BYTES = 2_000_000; // What is larger is data, and no config that somebody wrote.

/** The files of a folder as the editor has them: unsaved changes count. */
export function editorFiles(folder: vscode.Uri): ScriptFiles {
  return {
    async read(relative) {
      const uri = vscode.Uri.joinPath(folder, relative);
      const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
      if (open !== undefined) return open.getText();
      try {
        const { size, type } = await vscode.workspace.fs.stat(uri);
        if (size > MOST_BYTES || (type & vscode.FileType.File) === 0) return null;
        return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
      } catch {
        /* There is none, or it may not be read: both mean that it has no params. */
        return null;
      }
    },
    async list(relative) {
      try {
        const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, relative));
        return entries.filter(([, type]) => (type & vscode.FileType.File) !== 0).map(([name]) => name);
      } catch {
        /* There is no such folder: it has no choices. */
        return [];
      }
    },
  };
}

/** The path of a file relative to a folder, with `/` between; null when it lies elsewhere. */
export function pathWithin(folder: vscode.Uri, file: vscode.Uri): string | null {
  const relative = path.relative(folder.fsPath, file.fsPath);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return null;
  return relative.split(path.sep).join('/');
}
