import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { quoted } from '../code/shellLine';

/**
 * A small file that is the `winnow` command of this very extension, run by the editor's own Node: a terminal needs
 * neither Node nor an installed command. Written anew each time, since an update moves what it names.
 */
export async function writeCommandFile(storage: vscode.Uri, extension: vscode.Uri): Promise<string> {
  const file = path.join(storage.fsPath, 'winnow');
  const isElectron = process.versions['electron'] !== undefined;
  const command = [process.execPath, path.join(extension.fsPath, 'dist', 'cli.js')].map(quoted).join(' ');
  await mkdir(storage.fsPath, { recursive: true });
  await writeFile(file, `#!/bin/sh\n${isElectron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}exec ${command} "$@"\n`);
  await chmod(file, 0o755);
  return file;
}
