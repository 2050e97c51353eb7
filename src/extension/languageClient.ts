import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import {
  CONNECTION_NOTIFICATION,
  type ConnectionParams,
  HOVER_COMMANDS,
  THEME_NOTIFICATION,
  type ThemeKind,
  type ThemeParams,
} from '../api/language';

/**
 * The client of the language server: a bundle of its own, loaded when the first Python editor is seen in a
 * folder with experiments.
 */
export interface LanguageServer {
  /** Tells where a folder's tracking server listens, or that there is none. */
  tellConnection(params: ConnectionParams): Promise<void>;
  stop(): Promise<void>;
}

export async function startLanguageServer(
  module: string,
  log: vscode.LogOutputChannel,
): Promise<LanguageServer> {
  const client = new LanguageClient(
    'winnow',
    'Winnow',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6019'] } },
    },
    {
      documentSelector: [{ scheme: 'file', language: 'python' }],
      outputChannel: log,
      // Hovers may run these commands and no others; the commands check their arguments.
      markdown: { isTrusted: { enabledCommands: [...HOVER_COMMANDS] }, supportHtml: false },
    },
  );
  await client.start();
  const tellTheme = () => {
    const params: ThemeParams = { theme: themeKind() };
    return client.sendNotification(THEME_NOTIFICATION, params);
  };
  const listening = vscode.window.onDidChangeActiveColorTheme(() => void tellTheme());
  await tellTheme();
  return {
    tellConnection: (params) => client.sendNotification(CONNECTION_NOTIFICATION, params),
    async stop() {
      listening.dispose();
      await client.dispose();
    },
  };
}

function themeKind(): ThemeKind {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
    case vscode.ColorThemeKind.HighContrast:
      return 'high-contrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'high-contrast-light';
  }
}
