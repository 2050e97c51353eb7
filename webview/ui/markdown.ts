import MarkdownIt from 'markdown-it';

/**
 * A note as HTML that is safe to put into a page: tags in the text are shown as text, links lead to web pages and
 * mail only, and pictures, which would be loaded from somewhere, are left as links.
 */
export function renderMarkdown(text: string): string {
  renderer ??= makeRenderer();
  return renderer.render(text);
}

let renderer: MarkdownIt | undefined;

function makeRenderer(): MarkdownIt {
  const made = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: 50 });
  // Commands of the editor, scripts, files and data are no places for a stranger's note to lead to.
  made.validateLink = (address) => /^(https?:\/\/|mailto:)/i.test(address.trim());
  return made.disable('image');
}
