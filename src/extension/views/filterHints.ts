import { contextAt, nameFor } from '../../model/filterText';
import { RUN_STATES } from '../../model/run';
import { ATTRIBUTES, type Column, type ColumnInfo } from '../../model/table';

/** What can be written next in a filter. */
export interface FilterHint {
  /** The piece itself, as the language writes it. */
  readonly text: string;
  /** The whole filter with it. */
  readonly filter: string;
  readonly kind: 'name' | 'operator' | 'value' | 'logic';
}

export interface FilterHints {
  readonly hints: readonly FilterHint[];
  /** A column whose values are to be asked for: they can stand here too. */
  readonly valuesOf: Column | null;
}

const MOST_HINTS = 30;
const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '~', 'in (', 'is null', 'is not null'];

/** What can be written at the end of a filter, from the columns that runs have. */
export function hintsAt(filter: string, columns: readonly ColumnInfo[]): FilterHints {
  const context = contextAt(filter, filter.length);
  const { from, to } = context;
  const written = filter.slice(from, to).toLowerCase();
  const made = (texts: readonly string[], kind: FilterHint['kind'], after = ' '): readonly FilterHint[] =>
    texts
      .filter((text) => text.toLowerCase().includes(written) && text.toLowerCase() !== written)
      .sort(
        (a, b) => Number(b.toLowerCase().startsWith(written)) - Number(a.toLowerCase().startsWith(written)),
      )
      .slice(0, MOST_HINTS)
      .map((text) => ({ text, filter: `${filter.slice(0, from)}${text}${after}`, kind }));
  switch (context.kind) {
    case 'start':
    case 'key':
      return { hints: made(namesOf(columns), 'name'), valuesOf: null };
    case 'operator':
      return { hints: made(OPERATORS, 'operator'), valuesOf: null };
    case 'logic':
      return { hints: made(['and', 'or'], 'logic'), valuesOf: null };
    case 'value': {
      const { name } = context;
      if (name.kind === 'param' || name.kind === 'tag') return { hints: [], valuesOf: name };
      if (name.kind !== 'attribute') return { hints: [], valuesOf: null };
      if (name.name === 'state') return { hints: made(RUN_STATES, 'value', ''), valuesOf: null };
      const attribute = ATTRIBUTES.find((one) => one === name.name);
      const hasTexts = ['branch', 'commit', 'data', 'user', 'script', 'dirty'].includes(name.name);
      return {
        hints: [],
        valuesOf: attribute !== undefined && hasTexts ? { kind: 'attribute', name: attribute } : null,
      };
    }
  }
}

/** A hint for each value that can stand at the end of a filter. */
export function valueHints(filter: string, values: readonly string[]): readonly FilterHint[] {
  const { from } = contextAt(filter, filter.length);
  return values.map((value) => {
    const text = `'${value.replaceAll("'", "''")}'`;
    return { text, filter: `${filter.slice(0, from)}${text}`, kind: 'value' };
  });
}

/** The text that values must contain to stand at the end of a filter. */
export function valueTyped(filter: string): string {
  const { from, to } = contextAt(filter, filter.length);
  return filter.slice(from, to).replace(/^['"]/, '');
}

function namesOf(columns: readonly ColumnInfo[]): readonly string[] {
  const names = columns.flatMap(({ column }): string[] => {
    if (column.kind === 'attribute') return [];
    if (column.kind !== 'metric') return [nameFor(column)];
    return [nameFor({ ...column, of: 'best' }), nameFor(column)];
  });
  return ['state', 'name', 'starred', 'archived', ...names, ...ATTRIBUTES.filter((name) => name !== 'state')];
}
