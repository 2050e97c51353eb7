import type { CompareCell } from './cells';

/** A row of values, one a run. */
export interface ValueRow {
  readonly kind: 'value';
  /** The same for the same thing in every reading. */
  readonly key: string;
  readonly section: string;
  readonly name: string;
  /** What stands behind the name, such as "peak". */
  readonly facet: string;
  readonly isGoal: boolean;
  readonly differs: boolean;
  /** One a column, in their order. Made when the row comes on the screen. */
  cells(): readonly CompareCell[];
}

/** A part of the page, such as params. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** All rows. */
  readonly rows: readonly ValueRow[];
  /** Those that are shown unless all are asked for. */
  readonly brief: readonly ValueRow[];
  /** What stands in the section when it has no row; also while it is being read. */
  readonly nothing: string;
}

/** The heading of a section. */
export interface HeadRow {
  readonly kind: 'head';
  readonly key: string;
  readonly section: Section;
  readonly isFolded: boolean;
  readonly showsAll: boolean;
  /** Rows after the filter. */
  readonly shownCount: number;
}

/** A sentence in place of rows. */
export interface NoteRow {
  readonly kind: 'note';
  readonly key: string;
  readonly text: string;
}

export type CompareRow = HeadRow | ValueRow | NoteRow;

export interface Showing {
  readonly folded: readonly string[];
  /** Sections that show all of their rows. */
  readonly all: readonly string[];
  /** Text that names must have; it looks through everything, also what is equal. */
  readonly filter: string;
}

/** The rows of the page from top to bottom. */
export function rowsOf(
  sections: readonly Section[],
  { folded, all, filter }: Showing,
): readonly CompareRow[] {
  const wanted = filter.trim().toLowerCase();
  return sections.flatMap((section): CompareRow[] => {
    const showsAll = all.includes(section.id);
    const among = showsAll || wanted !== '' ? section.rows : section.brief;
    const shown = wanted === '' ? among : among.filter(({ name }) => name.toLowerCase().includes(wanted));
    // What a person looks for is shown, folded or not; sections without it are left out.
    if (wanted !== '' && shown.length === 0) return [];
    const isFolded = wanted === '' && folded.includes(section.id);
    const head: HeadRow = {
      kind: 'head',
      key: `head ${section.id}`,
      section,
      isFolded,
      showsAll,
      shownCount: shown.length,
    };
    if (isFolded) return [head];
    if (shown.length === 0 && section.nothing !== '') {
      return [head, { kind: 'note', key: `note ${section.id}`, text: section.nothing }];
    }
    return [head, ...shown];
  });
}
