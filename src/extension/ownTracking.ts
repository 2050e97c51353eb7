import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

const VARIABLE = 'MLFLOW_TRACKING_URI';

/**
 * Whether a person has set a tracking address of their own for a folder's terminals: in the environment that the
 * editor was started with, in `terminal.integrated.env.*`, or in the folder's `.env`. It is respected then.
 */
export async function hasOwnTracking(folder: vscode.WorkspaceFolder): Promise<boolean> {
  if (process.env[VARIABLE]) return true;
  const platform = process.platform === 'darwin' ? 'osx' : process.platform === 'win32' ? 'windows' : 'linux';
  const settings = vscode.workspace
    .getConfiguration('terminal.integrated.env', folder)
    .get<unknown>(platform);
  if (typeof settings === 'object' && settings !== null && VARIABLE in settings) return true;
  return namesTracking(await readFile(path.join(folder.uri.fsPath, '.env'), 'utf8').catch(() => ''));
}

/** Whether a file of variables sets the tracking address to something. */
export function namesTracking(dotenv: string): boolean {
  return new RegExp(String.raw`^\s*(?:export\s+)?${VARIABLE}[ \t]*=[ \t]*[^\s#]`, 'm').test(dotenv);
}
