import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import type { Errors } from './errors';
import type { LanguageServer } from './languageClient';
import { languageClient } from './load';
import type { FolderLink, Folders } from './serverConnection';

export interface LanguageSupportOptions {
  /** The folder of the bundles. */
  readonly dist: string;
  readonly folders: Folders;
  readonly errors: Errors;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Starts the language server when a Python editor is visible and a folder is connected, and keeps it told
 * where the folders' tracking servers are. Costs nothing before.
 */
export function createLanguageSupport({ dist, folders, errors, log }: LanguageSupportOptions): Disposable {
  const owned = new Owned();
  let server: Promise<LanguageServer> | null = null;
  const told = new Map<FolderLink, string>();

  const tell = async () => {
    const language = await server;
    if (language === null) return;
    for (const link of folders.all) {
      const { connection } = link;
      const key = JSON.stringify(connection);
      if (told.get(link) === key || (connection === null && !told.has(link))) continue;
      told.set(link, key);
      await language.tellConnection({ folder: link.folder.uri.fsPath, connection });
    }
  };

  const consider = () => {
    const isPythonVisible = vscode.window.visibleTextEditors.some(
      ({ document }) => document.languageId === 'python' && document.uri.scheme === 'file',
    );
    const isConnected = folders.all.some(({ connection }) => connection !== null);
    if (server === null && isPythonVisible && isConnected) server = start(dist, log);
    if (server !== null) errors.background('language server', tell());
  };

  owned.add(vscode.window.onDidChangeVisibleTextEditors(consider));
  owned.add(folders.onDidChange(consider));
  owned.onDispose(() => {
    if (server !== null)
      errors.background(
        'language server',
        server.then((language) => language.stop()),
      );
  });
  consider();
  return owned;
}

async function start(dist: string, log: vscode.LogOutputChannel): Promise<LanguageServer> {
  const { startLanguageServer } = await languageClient();
  return startLanguageServer(path.join(dist, 'language.js'), log);
}
