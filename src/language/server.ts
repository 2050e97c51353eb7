import {
  type CancellationToken,
  type Connection,
  type Hover,
  type HoverParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  CONNECTION_NOTIFICATION,
  THEME_NOTIFICATION,
  type ThemeKind,
  connectionParams,
  themeParams,
} from '../api/language';
import { UserError, isAbortError, messageOf } from '../base/errors';
import { Folders } from './folders';
import { getHover } from './hover';

/**
 * Answers an editor over a connection until it ends. It opens no file and starts nothing: texts come from the
 * editor, facts from the tracking servers that the window names. A question that fails costs its own answer.
 */
export function serveLanguage(connection: Connection, folders = new Folders()): void {
  const documents = new TextDocuments(TextDocument);
  let theme: ThemeKind = 'dark';

  connection.onInitialize(() => ({
    capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental, hoverProvider: true },
    serverInfo: { name: 'Winnow' },
  }));
  connection.onNotification(CONNECTION_NOTIFICATION, (params: unknown) => {
    const parsed = connectionParams.safeParse(params);
    if (parsed.success) folders.set(parsed.data);
    else connection.console.error(`A ${CONNECTION_NOTIFICATION} was not understood: ${parsed.error.message}`);
  });
  connection.onNotification(THEME_NOTIFICATION, (params: unknown) => {
    const parsed = themeParams.safeParse(params);
    if (parsed.success) theme = parsed.data.theme;
    else connection.console.error(`A ${THEME_NOTIFICATION} was not understood: ${parsed.error.message}`);
  });
  connection.onHover(async (params, token) => {
    try {
      return await answerHover(params, token);
    } catch (error) {
      if (!(error instanceof UserError) && !isAbortError(error)) {
        connection.console.error(
          `A hover failed: ${(error instanceof Error && error.stack) || messageOf(error)}`,
        );
      }
      return null;
    }
  });

  async function answerHover(params: HoverParams, token: CancellationToken): Promise<Hover | null> {
    const document = documents.get(params.textDocument.uri);
    const place = folders.of(params.textDocument.uri);
    if (document === undefined || document.languageId !== 'python' || place === null) return null;
    const leaving = new AbortController();
    const listening = token.onCancellationRequested(() => leaving.abort());
    if (token.isCancellationRequested) leaving.abort();
    try {
      return await getHover(document, params.position, { ...place, theme, now: Date.now() }, leaving.signal);
    } finally {
      listening.dispose();
    }
  }

  documents.listen(connection);
  connection.listen();
}
