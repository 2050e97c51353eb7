import { differs, textCells } from './cells';
import type { Section, ValueRow } from './rows';

/** Rows of names and texts: one map a run, the base's first. By name. */
export function textRows(
  section: string,
  columns: readonly ReadonlyMap<string, string>[],
): readonly ValueRow[] {
  const names = new Set(columns.flatMap((column) => [...column.keys()]));
  return [...names].sort().map((name) =>
    textRow(
      section,
      name,
      columns.map((column) => column.get(name) ?? null),
    ),
  );
}

/** One row of texts, the base's first. */
export function textRow(section: string, name: string, values: readonly (string | null)[]): ValueRow {
  return {
    kind: 'value',
    key: `${section} ${name}`,
    section,
    name,
    facet: '',
    isGoal: false,
    differs: differs(values),
    cells: () => textCells(values),
  };
}

/** A section that shows what differs, and all when asked. */
export function differing(
  {
    id,
    title,
    note,
  }: Pick<Section, 'id' | 'title'> & { readonly note: (count: number, of: number) => string },
  rows: readonly ValueRow[],
  words: { readonly none: string; readonly equal: string },
): Section {
  const brief = rows.filter((row) => row.differs);
  return {
    id,
    title,
    note: rows.length === 0 ? '' : note(brief.length, rows.length),
    rows,
    brief,
    nothing: rows.length === 0 ? words.none : words.equal,
  };
}
