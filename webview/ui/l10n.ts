/**
 * The sentence in the window's language, with `{0}`, `{1}` … replaced: the same as `vscode.l10n.t`, for pages.
 * The window puts its translations into the page's head.
 */
export function t(message: string, ...args: readonly (string | number)[]): string {
  const text = translations()[message] ?? message;
  return text.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}

let bundle: Readonly<Record<string, string>> | undefined;

function translations(): Readonly<Record<string, string>> {
  bundle ??= readBundle();
  return bundle;
}

function readBundle(): Readonly<Record<string, string>> {
  if (typeof document === 'undefined') return {};
  const content = document.querySelector('meta[name="winnow-l10n"]')?.getAttribute('content');
  const parsed: unknown = content === null || content === undefined ? {} : JSON.parse(content);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).flatMap(([key, value]) => {
      // VS Code keys a message that has a comment by "message/comment".
      const text: unknown =
        typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
      return typeof text === 'string' ? [[key, text]] : [];
    }),
  );
}
