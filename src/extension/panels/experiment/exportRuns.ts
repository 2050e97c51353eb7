import type { ApiClient } from '../../../api/client';
import type { RunId } from '../../../model/run';
import { type Cell, type Column, type TableQuery, columnKey } from '../../../model/table';
import { TAGS } from '../../../model/run';

/** Which runs, with which columns. */
export interface ExportQuestion {
  readonly query: TableQuery;
  readonly runIds: readonly RunId[] | null;
  readonly columns: readonly Column[];
}

export type ExportFormat = 'csv' | 'json' | 'markdown';

const MOST_RUNS = 100_000;

/**
 * The runs as a text: CSV by RFC 4180, JSON as a list of objects with the columns' names as keys, or a Markdown table.
 * Metrics are written as they are, NaN and the infinities by these words.
 */
export async function exportedText(
  client: ApiClient,
  { query, runIds, columns }: ExportQuestion,
  format: ExportFormat,
): Promise<{ readonly text: string; readonly runCount: number }> {
  const found = await client.call('readColumns', {
    query: { ...query, experimentIds: [...query.experimentIds], sort: [...query.sort], folded: [] },
    runIds: runIds === null ? null : [...runIds],
    columns: [...columns],
    limit: MOST_RUNS,
  });
  const names = ['run', 'run_id', ...columnNames(columns)];
  const rows = found.runIds.map((runId, row) => [
    found.names[row] ?? '',
    runId,
    ...found.cells.map((cells) => cells[row] ?? null),
  ]);
  return { text: FORMATS[format](names, rows), runCount: rows.length };
}

const FORMATS: Readonly<
  Record<ExportFormat, (names: readonly string[], rows: readonly (readonly Cell[])[]) => string>
> = { csv, json, markdown };

/** A param and a metric may have one name: then each says what it is. */
export function columnNames(columns: readonly Column[]): readonly string[] {
  const plain = columns.map(plainName);
  return columns.map((column, index) => {
    const name = plain[index] ?? columnKey(column);
    return plain.filter((one) => one === name).length > 1 ? `${column.kind}s.${name}` : name;
  });
}

function plainName(column: Column): string {
  if (column.kind === 'metric') {
    return column.of === 'last' || column.of === 'best' ? column.name : `${column.name}.${column.of}`;
  }
  return column.kind === 'tag' && column.name === TAGS.note ? 'note' : column.name;
}

function csv(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [names, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it, since names and tags may be
 * anybody's (OWASP, "CSV Injection"). Numbers stay.
 */
function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const isNumber = value !== '' && !Number.isNaN(Number(value));
  const safe = !isNumber && /^[=+\-@\t\r]/.test(value) && value !== '-Infinity' ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function json(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${JSON.stringify(
    rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
    null,
    2,
  )}\n`;
}

function markdown(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  // An id of 32 digits helps nobody who reads.
  const shown = (row: readonly Cell[]) => row.filter((_, index) => index !== 1);
  const isNumeric = names.map((_, index) =>
    rows.every((row) => row[index] === null || typeof row[index] === 'number'),
  );
  const rule = names.map((_, index) => (index > 1 && isNumeric[index] === true ? '--:' : ':--'));
  return [names, rule, ...rows]
    .map((row) => `| ${shown(row).map(markdownCell).join(' | ')} |`)
    .join('\n')
    .concat('\n');
}

function markdownCell(value: Cell): string {
  if (value === null) return '–';
  return String(value)
    .replaceAll(/[\\|`*_<>[\]]/g, '\\$&')
    .replaceAll(/\s*\n\s*/g, ' ');
}
