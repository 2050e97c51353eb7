import MarkdownIt from 'markdown-it';

/**
 * A note as HTML that is safe to put into a page: tags in the text are shown as text, and links lead to web pages and
 * mail only. A picture among the run's own artifacts is an `img` without a source, whose `data-artifact` is its path:
 * whoever shows the note fills it. Any other picture would be loaded from somewhere, and is left as a link.
 */
export function renderMarkdown(text: string): string {
  renderer ??= makeRenderer();
  return renderer.render(text);
}

let renderer: MarkdownIt | undefined;

// Commands of the editor, scripts, files and data are no places for a stranger's note to lead to.
const WEB = /^(https?:\/\/|mailto:)/i;
const PICTURE = /^(?!\/)[^:?#\\]+\.(png|jpe?g|gif|webp|svg)$/i;

function makeRenderer(): MarkdownIt {
  const made = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: 50 });
  made.validateLink = (address) => WEB.test(address.trim()) || artifactOf(address.trim()) !== null;
  made.renderer.rules['link_open'] = (tokens, index, options, _environment, self) => {
    const token = tokens[index];
    if (token !== undefined && !WEB.test(token.attrGet('href') ?? '')) token.attrs = [];
    return self.renderToken(tokens, index, options);
  };
  made.renderer.rules['image'] = (tokens, index) => {
    const token = tokens[index];
    const [address, name] = [token?.attrGet('src') ?? '', made.utils.escapeHtml(token?.content ?? '')];
    const artifact = artifactOf(address);
    if (artifact !== null) return `<img data-artifact="${made.utils.escapeHtml(artifact)}" alt="${name}">`;
    return `<a href="${made.utils.escapeHtml(address)}">${name}</a>`;
  };
  return made;
}

/** The path of a picture among a run's artifacts; null when the address is something else. */
function artifactOf(address: string): string | null {
  if (!PICTURE.test(address)) return null;
  try {
    const path = decodeURI(address);
    return path.split('/').some((part) => part === '..' || part === '.' || part === '') ? null : path;
  } catch {
    return null; // A stray % sign.
  }
}
