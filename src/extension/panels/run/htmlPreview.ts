/**
 * A page around a stranger's HTML in which nothing of it runs and nothing is loaded: it lies in a frame of its own
 * origin without scripts, forms or links that open anything (`sandbox=""`), under a policy that it inherits and can
 * only make stricter. Styles and pictures that are written into it are shown.
 * @param note a sentence above it.
 */
export function htmlPreview(content: string, note: string): string {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "form-action 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<style>
html, body { margin: 0; padding: 0; height: 100%; }
body { display: flex; flex-direction: column; }
p { margin: 0; padding: 6px 16px; font-size: 12px; color: var(--vscode-descriptionForeground); border-bottom: 1px solid var(--vscode-panel-border, transparent); }
iframe { flex: 1; border: 0; background: white; }
</style>
</head>
<body>
<p>${escaped(note)}</p>
<iframe sandbox="" referrerpolicy="no-referrer" srcdoc="${escaped(LINKS_LEAD_NOWHERE + content)}"></iframe>
</body>
</html>`;
}

/** A link would open a window, which the sandbox refuses, instead of taking the place of what is shown. */
const LINKS_LEAD_NOWHERE = '<!DOCTYPE html><base target="_blank">';

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
