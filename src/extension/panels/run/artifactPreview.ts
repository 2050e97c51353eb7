import type { ArtifactPreview } from '../../../api/runPage';
import { formatBytes } from '../../../model/format';
import { artifactKind, imageType } from '../../../model/artifactKind';
import { readDelimited } from '../../../model/delimited';

/** How much of a file its preview needs. */
export function previewBytes(path: string): number {
  return artifactKind(path) === 'image' ? MOST_IMAGE_BYTES : MOST_TEXT_BYTES;
}

const MOST_IMAGE_BYTES = 8_000_000;
const MOST_TEXT_BYTES = 256_000;
const MOST_ROWS = 200;
const MOST_COLUMNS = 50;
const MOST_CELL = 500; // Characters.
const MOST_LINES = 400;

/** The words of the window, so that the rest can be tested without an editor. */
export interface PreviewWords {
  tooLarge(size: string): string;
  readonly noPreview: string;
}

/** What the beginning of an artifact shows: bytes become text and numbers here, nothing of it is carried out. */
export function previewOf(
  path: string,
  content: Buffer,
  sizeBytes: number,
  words: PreviewWords,
): ArtifactPreview {
  const isWhole = content.length >= sizeBytes;
  const none = (why: string): ArtifactPreview => ({ kind: 'none', why, sizeBytes });
  const kind = artifactKind(path);
  if (kind === 'image') {
    if (!isWhole) return none(words.tooLarge(formatBytes(sizeBytes)));
    const type = imageType(path) ?? 'application/octet-stream';
    return { kind: 'image', source: `data:${type};base64,${content.toString('base64')}`, sizeBytes };
  }
  if (content.includes(0)) return none(words.noPreview);
  const text = content.toString('utf8');
  if (kind === 'table') {
    const delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',';
    const read = readDelimited(text, delimiter, MOST_ROWS + 1);
    return { kind: 'table', rows: clipped(read.rows), isWhole: isWhole && read.isWhole, sizeBytes };
  }
  if (kind === 'json' && isWhole) {
    const table = tableOfJson(text);
    if (table !== null) {
      const rows = table.slice(0, MOST_ROWS + 1);
      return { kind: 'table', rows: clipped(rows), isWhole: rows.length === table.length, sizeBytes };
    }
    const pretty = prettyJson(text);
    if (pretty !== null) return textPreview(pretty, true, sizeBytes);
  }
  return textPreview(text, isWhole, sizeBytes);
}

function textPreview(text: string, isWhole: boolean, sizeBytes: number): ArtifactPreview {
  const lines = text.split('\n');
  const kept = lines.slice(0, MOST_LINES);
  return { kind: 'text', text: kept.join('\n'), isWhole: isWhole && kept.length === lines.length, sizeBytes };
}

function clipped(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return rows.map((row) =>
    row
      .slice(0, MOST_COLUMNS)
      .map((cell) => (cell.length > MOST_CELL ? `${cell.slice(0, MOST_CELL)}…` : cell)),
  );
}

/** Rows of a list of flat objects, or of what pandas and MLflow write as `{"columns": […], "data": [[…]]}`. */
function tableOfJson(text: string): readonly (readonly string[])[] | null {
  const parsed = parsedJson(text);
  if (typeof parsed === 'object' && parsed !== null && 'columns' in parsed && 'data' in parsed) {
    const { columns, data } = parsed;
    if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null;
    return [columns.map(cellOf), ...data.map((row: unknown[]) => row.map(cellOf))];
  }
  if (!Array.isArray(parsed) || parsed.length === 0) return null;
  const rows: unknown[] = parsed;
  if (!rows.every(isFlat)) return null;
  const names = [...new Set(rows.slice(0, MOST_ROWS).flatMap((row) => Object.keys(row)))];
  return [
    names,
    ...rows.map((row) => {
      const cells = new Map(Object.entries(row));
      return names.map((name) => cellOf(cells.get(name)));
    }),
  ];
}

function isFlat(row: unknown): row is object {
  return (
    typeof row === 'object' &&
    row !== null &&
    !Array.isArray(row) &&
    Object.values(row).every((value) => typeof value !== 'object' || value === null)
  );
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function prettyJson(text: string): string | null {
  const parsed = parsedJson(text);
  return parsed === undefined ? null : JSON.stringify(parsed, null, 2);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    /* NaN in it, or no JSON at all: shown as the text that it is. */
    return undefined;
  }
}
