/** Foreign text as plain text in Markdown, also inside a table: no links, no pictures, no icons, one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]()#+\-.!|<>$~&]/g, (character) => `\\${character}`);
}
