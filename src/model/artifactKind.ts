/** How a file of a run can be shown. */
export type ArtifactKind = 'image' | 'table' | 'json' | 'text' | 'html' | 'other';

const KINDS: Readonly<Record<string, ArtifactKind>> = {
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
  bmp: 'image',
  svg: 'image',
  csv: 'table',
  tsv: 'table',
  json: 'json',
  html: 'html',
  htm: 'html',
};

const TEXTS =
  /^(txt|md|markdown|log|py|yaml|yml|toml|ini|cfg|conf|jsonl|ndjson|ipynb|xml|sh|rst|tex|sql|r|js|ts|css|lock|env)$/;
const TEXT_NAMES = /^(MLmodel|LICENSE|README|Dockerfile|Makefile|requirements)$/i;

/** By the name alone: what is inside is looked at when it is shown. */
export function artifactKind(name: string): ArtifactKind {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(KINDS, extension) ? KINDS[extension] : undefined;
  if (known !== undefined) return known;
  return TEXTS.test(extension) || (extension === '' && TEXT_NAMES.test(name)) ? 'text' : 'other';
}

/** The media type of an image, for a data address; null for what is no image. */
export function imageType(name: string): string | null {
  if (artifactKind(name) !== 'image') return null;
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (extension === 'svg') return 'image/svg+xml';
  return `image/${extension === 'jpg' ? 'jpeg' : extension}`;
}

/**
 * The libraries that an `MLmodel` file names as ways to load the model, such as scikit-learn. Reads the keys below
 * `flavors:` and nothing else, since the file is a stranger's.
 */
export function modelFlavours(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^flavors:\s*$/.test(line));
  if (start === -1) return [];
  const names: string[] = [];
  let indent: number | null = null;
  for (const line of lines.slice(start + 1)) {
    if (/^\S/.test(line)) break;
    const found = /^( +)([\w-]{1,100}):/.exec(line);
    if (found === null) continue;
    indent ??= found[1]?.length ?? 0;
    if (found[1]?.length === indent && found[2] !== undefined) names.push(found[2]);
  }
  return names
    .filter((name) => name !== 'python_function' || names.length === 1)
    .map((name) => (name === 'sklearn' ? 'scikit-learn' : name));
}
