import * as vscode from 'vscode';
import type { Settings } from './ids';

/** The value of a setting for a folder, read when it is needed: a change works without a reload. */
export function setting<Name extends keyof Settings>(
  name: Name,
  folder?: vscode.WorkspaceFolder,
): Settings[Name] {
  const value = vscode.workspace.getConfiguration('winnow', folder).get<unknown>(name);
  // settings.json may hold anything: what is of another type is as good as not set.
  return isOfType(value, DEFAULTS[name]) ? value : DEFAULTS[name];
}

const DEFAULTS: Settings = {
  python: '',
  'run.showOutput': true,
  'run.hook': true,
  'run.saveBeforeRun': true,
  'run.printedMetrics': true,
  'snapshot.maxFileSizeMB': 10,
  'terminal.track': true,
};

function isOfType<T>(value: unknown, example: T): value is T {
  return typeof value === typeof example;
}
