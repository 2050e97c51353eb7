import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { choosePython } from '../platform/interpreter';
import { rememberPython, rememberedPython } from '../platform/rememberedPython';
import { locateStore } from '../platform/storeLocation';
import { setting } from './settings';

/**
 * The interpreter for scripts of a folder, as the person would expect: the setting, then what the Python
 * extension has chosen for it, then `.venv`, then `python3`. The choice is kept for the command line.
 * @throws UserError 'python-missing'
 */
export async function pythonFor(folder: vscode.WorkspaceFolder): Promise<string> {
  const directory = folder.uri.fsPath;
  const store = (await locateStore(directory)).folder;
  const python = await choosePython({
    setting: setting('python', folder),
    extensionChoice: await extensionChoice(folder),
    env: process.env,
    folder: directory,
    remembered: await rememberedPython(store),
  });
  await rememberPython(store, python);
  return python;
}

/** The part of the Python extension's API that is used (its package @vscode/python-extension describes it). */
const pythonApi = z.object({
  environments: z.object({
    getActiveEnvironmentPath: z.custom<(resource: vscode.Uri) => unknown>(
      (value) => typeof value === 'function',
    ),
    resolveEnvironment: z.custom<(environment: unknown) => Promise<unknown>>(
      (value) => typeof value === 'function',
    ),
  }),
});

const resolved = z.object({
  executable: z.object({ uri: z.optional(z.object({ fsPath: z.string() })) }),
  environment: z.optional(z.unknown()),
});

/**
 * What the person chose in the Python extension. Its default without a choice is the system's Python, which
 * has no environment: `.venv` in the folder says more than that.
 */
async function extensionChoice(folder: vscode.WorkspaceFolder): Promise<string | null> {
  const extension = vscode.extensions.getExtension<unknown>('ms-python.python');
  if (extension === undefined) return null;
  try {
    const api = pythonApi.parse(await extension.activate());
    const active = api.environments.getActiveEnvironmentPath(folder.uri);
    const found = resolved.parse(await api.environments.resolveEnvironment(active));
    return found.environment === undefined || found.environment === null
      ? null
      : (found.executable.uri?.fsPath ?? null);
  } catch {
    /* Another version of it, or it failed by itself: the folder's own Python is the next best. */
    return null;
  }
}
