import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type AnswerFrom, type Channel, openChannel } from '../../api/pageRpc';
import { UserError } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';

/** The methods that a page may call, each taking what the page sent as it came. */
export type Handlers<Host> = {
  readonly [Method in keyof Host]: (raw: unknown) => Promise<AnswerFrom<Host, Method>>;
};

/** Where pages are built to; nothing else of the extension can be loaded by them. */
export function pageRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** Fills a panel with a page and answers its calls until it is closed. */
export function hostPage<Page, Host>(
  panel: vscode.WebviewPanel,
  page: { readonly name: string; readonly title: string; readonly extensionUri: vscode.Uri },
  handlers: Handlers<Host>,
  onError: (error: unknown) => void,
): Disposable & { readonly channel: Channel<Page> } {
  const owned = new Owned();
  const table = new Map<string, (raw: unknown) => Promise<unknown>>(Object.entries(handlers));
  const channel = openChannel<Page>(
    (message) => {
      void panel.webview.postMessage(message);
    },
    async (method, request) => {
      const handler = table.get(method);
      if (handler === undefined) throw new UserError('page-request', `A page may not call "${method}".`);
      return handler(request);
    },
    onError,
  );
  owned.add(panel.webview.onDidReceiveMessage((message: unknown) => channel.receive(message)));
  owned.add(
    panel.onDidChangeViewState(() => {
      // A hidden page is destroyed: it will never answer.
      if (!panel.visible) channel.rejectPending('The page was hidden.');
    }),
  );
  owned.onDispose(() => channel.rejectPending('The page was closed.'));
  panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(page.extensionUri)] };
  panel.webview.html = pageHtml(panel.webview, page);
  return { channel, dispose: () => owned.dispose() };
}

/** The frame of a page. It may load its own script, style and icons, and reach nothing else. */
export function pageHtml(
  webview: Pick<vscode.Webview, 'asWebviewUri' | 'cspSource'>,
  page: { readonly name: string; readonly title: string; readonly extensionUri: vscode.Uri },
): string {
  const nonce = randomBytes(16).toString('base64url');
  const file = (name: string) =>
    escapeHtml(webview.asWebviewUri(vscode.Uri.joinPath(pageRoot(page.extensionUri), name)).toString());
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="winnow-l10n" content="${escapeHtml(JSON.stringify(vscode.l10n.bundle ?? {}))}">
<title>${escapeHtml(page.title)}</title>
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file(`${page.name}.css`)}">
</head>
<body>
<script nonce="${nonce}" src="${file(`${page.name}.js`)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? character,
  );
}
