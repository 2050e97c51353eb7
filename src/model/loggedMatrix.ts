import { numbersIn, readLogged, recordIn, tableIn } from './loggedJson';

/** A confusion matrix: rows are what is true, columns what was said, as scikit-learn has them. */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

const MOST_CLASSES = 200;

/**
 * The matrix of a file; null when it has none. Known shapes: `{"labels": […], "matrix": [[…]]}` (also "confusion_matrix",
 * "cm", "values", "classes"), a bare list of lists, the split orient of `mlflow.log_table`, `DataFrame.to_json()`, and CSV
 * with labels in its first row and column, or without any.
 */
export function readMatrix(path: string, text: string): ConfusionMatrix | null {
  const value = readLogged(path, text);
  const record = recordIn(value);
  if (Array.isArray(value)) return squareOf(value, null);
  if (record === null) return null;
  const labels = [record.labels, record.classes, record.class_names, record.target_names].find(Array.isArray);
  for (const name of ['matrix', 'confusion_matrix', 'cm', 'values', 'counts']) {
    if (Array.isArray(record[name])) return squareOf(record[name], labels ?? null);
  }
  return tableMatrix(value, labels ?? null) ?? columnsMatrix(record);
}

/** What `DataFrame.to_json()` writes: a column of what was said by name, each with its counts by what is true. */
function columnsMatrix(record: Readonly<Record<string, unknown>>): ConfusionMatrix | null {
  const columns = Object.entries(record).map(([name, column]) => ({ name, counts: recordIn(column) }));
  if (columns.length > MOST_CLASSES) return null;
  const rows = Object.keys(columns[0]?.counts ?? {});
  return squareOf(
    rows.map((row) => columns.map(({ counts }) => counts?.[row])),
    columns.map(({ name }) => name),
  );
}

function tableMatrix(value: unknown, labels: readonly unknown[] | null): ConfusionMatrix | null {
  const table = tableIn(value);
  if (table === null) return null;
  const { columns, rows } = table;
  const size = rows.length;
  // A CSV without labels: its first row was taken for names.
  if (columns.length === size + 1 && columns.every((name) => name.trim() !== '' && Number(name) >= 0))
    return squareOf([columns, ...rows], labels);
  // A first column of labels, with whatever stands in the corner.
  if (columns.length === size + 1)
    return squareOf(
      rows.map((row) => row.slice(1)),
      columns.slice(1),
    );
  return columns.length === size ? squareOf(rows, labels ?? columns) : null;
}

function squareOf(rows: readonly unknown[], labels: readonly unknown[] | null): ConfusionMatrix | null {
  const size = rows.length;
  if (size < 2 || size > MOST_CLASSES) return null;
  const counts = rows.map((row) => numbersIn(row, MOST_CLASSES));
  if (counts.some((row) => row === null || row.length !== size || row.some((count) => !(count >= 0))))
    return null;
  return {
    labels: Array.from({ length: size }, (_, index) => String(labels?.[index] ?? index)),
    counts: counts.map((row) => row ?? []),
  };
}

/** The share of the diagonal; NaN of an empty matrix. */
export function accuracyOf({ counts }: ConfusionMatrix): number {
  const all = counts.flat().reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / all;
}
