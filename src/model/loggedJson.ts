import { readDelimited } from './delimited';

const MOST_ROWS = 20_000;

/** A table as `mlflow.log_table` (orient split), pandas (records or columns) and CSV have it: names and rows. */
export interface LoggedTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What a file says: JSON as it is, CSV and TSV as a table. Throws a SyntaxError for what is none of these. */
export function readLogged(path: string, text: string): unknown {
  if (/\.(csv|tsv|txt)$/i.test(path)) {
    const { rows } = readDelimited(text, /\.tsv$/i.test(path) ? '\t' : ',', MOST_ROWS);
    const [columns = [], ...data] = rows;
    return { columns, data };
  }
  // Python writes NaN and Infinity, which JSON has not: they become texts, which `numberIn` reads.
  const strict = text.replace(
    /("(?:[^"\\]|\\.)*")|(-?\bInfinity\b|\bNaN\b)/g,
    (_, quoted: string | undefined, bare: string) => quoted ?? `"${bare}"`,
  );
  return JSON.parse(strict);
}

/** A number in foreign data; NaN when it is none. */
export function numberIn(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** The numbers of a list; null when it is no list or longer than `most`. */
export function numbersIn(value: unknown, most = MOST_ROWS): readonly number[] | null {
  return Array.isArray(value) && value.length <= most ? value.map(numberIn) : null;
}

/** Foreign data as a record; null when it is none. */
export function recordIn(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

/** Foreign data as a table, whichever way it is turned; null when it is none. */
export function tableIn(value: unknown): LoggedTable | null {
  if (Array.isArray(value)) {
    const records = value.slice(0, MOST_ROWS).map(recordIn);
    const columns = Object.keys(records[0] ?? {});
    if (columns.length === 0) return null;
    return { columns, rows: records.map((record) => columns.map((name) => record?.[name])) };
  }
  const record = recordIn(value);
  if (record === null) return null;
  if (Array.isArray(record.columns) && Array.isArray(record.data)) {
    const rows = record.data.slice(0, MOST_ROWS).filter((row) => Array.isArray(row));
    return { columns: record.columns.map(String), rows };
  }
  const lists = Object.entries(record).filter(([, list]) => Array.isArray(list) && list.length <= MOST_ROWS);
  if (lists.length === 0) return null;
  const length = Math.max(...lists.map(([, list]) => (Array.isArray(list) ? list.length : 0)));
  return {
    columns: lists.map(([name]) => name),
    rows: Array.from({ length }, (_, row) =>
      lists.map(([, list]) => (Array.isArray(list) ? list[row] : undefined)),
    ),
  };
}

/** One column of a table as numbers, by any of the names; null when it has none of them. */
export function columnIn(table: LoggedTable, names: readonly RegExp[]): Float64Array | null {
  const at = table.columns.findIndex((column) => names.some((name) => name.test(column.trim())));
  return at < 0 ? null : Float64Array.from(table.rows, (row) => numberIn(row[at]));
}
