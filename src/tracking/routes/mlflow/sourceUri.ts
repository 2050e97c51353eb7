/** The parts of where a model comes from. */
export interface SourceUri {
  /** In lower case; null for a path of this machine (a plain one, one with a drive, `file:`). */
  readonly scheme: string | null;
  readonly host: string;
  readonly path: string;
  /** The path's parts, decoded; empty ones are left out. */
  readonly parts: readonly string[];
  /** The parts below the artifacts of a tracking server, or null for what is none of its artifacts. */
  readonly artifactParts: readonly string[] | null;
}

const ROUTE = '/api/2.0/mlflow-artifacts/artifacts/';

/** Takes a source apart as Python's urlparse does, which MLflow's clients read it with. Never fails. */
export function parseSource(source: string): SourceUri {
  const match = /^([A-Za-z][A-Za-z0-9+.-]+):(?:\/\/([^/?#]*))?([^?#]*)/.exec(source.trim());
  const scheme = match?.[1]?.toLowerCase() ?? null;
  const path = match?.[3] ?? source;
  const parts = partsOf(path);
  return {
    scheme: scheme === 'file' ? null : scheme,
    host: match?.[2] ?? '',
    path,
    parts,
    artifactParts: artifactPartsOf(scheme, parts),
  };
}

/** Whether a path climbs, stays where it is, or does not start at a root, in any number of encodings. */
export function hasRelativeParts(source: string, { path }: SourceUri): boolean {
  const decoded = decode(source);
  const decodedPath = decode(path);
  return (
    decodeOnce(decoded) !== decoded ||
    decoded.includes('\0') ||
    decoded.split(/[/\\]/).includes('..') ||
    !decodedPath.startsWith('/') ||
    partsOf(decodedPath).length === 0 ||
    partsOf(decodedPath).includes('.')
  );
}

function artifactPartsOf(scheme: string | null, parts: readonly string[]): readonly string[] | null {
  if (scheme === 'mlflow-artifacts') return parts;
  if (scheme !== 'http' && scheme !== 'https') return null;
  const path = `/${parts.join('/')}/`;
  const at = path.indexOf(ROUTE);
  return at < 0 ? null : partsOf(path.slice(at + ROUTE.length));
}

function partsOf(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
}

const MOST_ENCODINGS = 8; // Nobody encodes a path more often; a text made to be decoded forever ends here.

/** Decodes until nothing changes: a part that was encoded twice means the same to whoever decodes twice. */
function decode(text: string): string {
  let decoded = text;
  for (let i = 0; i < MOST_ENCODINGS; i++) {
    const next = decodeOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

function decodeOnce(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
