import type { Cell, Column, RunColumns } from './table';

export type ExportFormat = 'csv' | 'json' | 'markdown';

/**
 * Runs as a text for other programs: CSV by RFC 4180, a JSON list with an object a run, or a table in Markdown. The
 * first columns are the run's name and id; a missing value is empty, of JSON null; NaN and the infinities are written.
 */
export function exportedText(
  format: ExportFormat,
  columns: readonly Column[],
  parts: readonly RunColumns[],
): string {
  const names = columnNames(columns);
  const rows = parts.flatMap((part) =>
    part.runIds.map((runId, i) => ({
      name: part.names[i] ?? '',
      runId,
      state: part.states[i] ?? '',
      cells: part.cells.map((cells): Cell => cells[i] ?? null),
    })),
  );
  switch (format) {
    case 'csv':
      return [
        ['name', 'run id', ...names],
        ...rows.map(({ name, runId, cells }) => [name, runId, ...cells.map(cellText)]),
      ]
        .map((row) => `${row.map(csvField).join(',')}\r\n`)
        .join('');
    case 'json':
      return `${JSON.stringify(
        rows.map(({ name, runId, state, cells }) => ({
          name,
          runId,
          state,
          values: Object.fromEntries(names.map((column, i) => [column, cells[i] ?? null])),
        })),
        null,
        2,
      )}\n`;
    case 'markdown': {
      const isNumber = columns.map(
        ({ kind }, i) => kind === 'metric' || rows.every(({ cells }) => typeof cells[i] === 'number'),
      );
      const lines = [
        ['run', ...names],
        ['---', ...isNumber.map((number) => (number ? '--:' : '---'))],
        ...rows.map(({ name, cells }) => [name, ...cells.map(cellText)]),
      ];
      return lines
        .map((line, i) => `| ${(i === 1 ? line : line.map(markdownField)).join(' | ')} |\n`)
        .join('');
    }
  }
}

/** The shortest names that tell the columns apart: `acc`, but `acc.max` beside it, and `param.acc`. */
function columnNames(columns: readonly Column[]): readonly string[] {
  const plain = columns.map((column) =>
    column.kind === 'metric' && column.of !== 'last' && column.of !== 'best'
      ? `${column.name}.${column.of}`
      : column.name,
  );
  return columns.map((column, i) => {
    const name = plain[i] ?? '';
    if (plain.indexOf(name) === plain.lastIndexOf(name)) return name;
    return column.kind === 'metric' ? `${column.name}.${column.of}` : `${column.kind}.${name}`;
  });
}

function cellText(cell: Cell): string {
  return cell === null ? '' : String(cell);
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function markdownField(text: string): string {
  return text.replace(/[\\|`*_[\]<>~]/g, '\\$&').replace(/\s+/g, ' ');
}
