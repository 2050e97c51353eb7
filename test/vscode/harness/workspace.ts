import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from './waitFor';

/** The folder that the test window has open: a copy of the example with its Python environment. */
export function workspaceFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('The test window has no folder.');
  return folder.uri.fsPath;
}

/** Writes a script into the folder and returns its address. */
export function writeScript(name: string, lines: readonly string[]): vscode.Uri {
  const file = path.join(workspaceFolder(), name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return vscode.Uri.file(file);
}

/** What a run has left on the disk once it is over. */
export interface EndedRun {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stoppedBy: string | null;
  readonly output: string;
}

/** Runs an action and waits for the run that it starts to write its exit record. */
export async function runOf(action: () => Thenable<unknown>): Promise<EndedRun> {
  const folder = await startedBy(action);
  return endOf(folder);
}

/** Runs an action and returns the folder of the run that it starts. */
export async function startedBy(action: () => Thenable<unknown>): Promise<string> {
  const before = new Set(runFolders());
  await action();
  return waitFor('a run to start', () => runFolders().find((folder) => !before.has(folder)));
}

/** The run whose folder this is. */
export function runIdOf(folder: string): string {
  return path.basename(folder);
}

/** Waits for a run's exit record. */
export async function endOf(folder: string): Promise<EndedRun> {
  const file = path.join(folder, 'exit.json');
  await waitFor(`${file}`, () => existsSync(file));
  return { ...JSON.parse(readFileSync(file, 'utf8')), output: outputOf(folder) };
}

/** What a run has printed so far. */
export function outputOf(folder: string): string {
  const file = path.join(folder, 'output.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function runFolders(): string[] {
  const runs = path.join(workspaceFolder(), '.winnow', 'runs');
  return existsSync(runs) ? readdirSync(runs).map((name) => path.join(runs, name)) : [];
}
