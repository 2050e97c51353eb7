import type { RunId } from '../../src/model/run';
import {
  type Cell,
  type Column,
  type GroupCell,
  type TableQuery,
  type TableRow,
  type TableWindow,
  columnKey,
} from '../../src/model/table';

/** Rows that are asked for together. */
export const PAGE_ROWS = 100;
const MOST_PAGES = 60; // Some six thousand rows: what is scrolled back to is there at once, and memory stays small.

interface Page {
  rows: readonly TableRow[];
  /** By column, in the order of `rows`. */
  readonly cells: Map<string, readonly (Cell | GroupCell | null)[]>;
  /** The generation of changes that it was read in. */
  generation: number;
  /** Another number each time that something of it was read. */
  stamp: number;
}

/** What is known of the rows of one query, by pages. Columns of a page may be read one after the other. */
export class RowPages {
  rowCount = 0;
  runCount = 0;
  allCount = 0;
  private readonly pages = new Map<number, Page>();
  private generation = 0;
  private stamps = 0;

  constructor(readonly query: TableQuery) {}

  row(index: number): TableRow | undefined {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.rows[index % PAGE_ROWS];
  }

  /** A number that is another one when the row, or a cell of it, was read again; 0 before that. */
  stamp(index: number): number {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.stamp ?? 0;
  }

  /** Undefined: not read yet. */
  cell(index: number, key: string): Cell | GroupCell | undefined {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.cells.get(key)?.[index % PAGE_ROWS];
  }

  /** Which of the columns are to be read for a page; all of a page that something changed under. */
  missing(page: number, columns: readonly Column[]): readonly Column[] | null {
    const known = this.pages.get(page);
    if (known === undefined || known.generation !== this.generation) return columns;
    const missing = columns.filter((column) => !known.cells.has(columnKey(column)));
    return missing.length === 0 ? null : missing;
  }

  /** Everything may have changed: what is known is shown until it was read again. */
  expire(): void {
    this.generation += 1;
  }

  /** Where the groups are, as far as it is known. */
  groups(): number[] {
    const found: number[] = [];
    for (const [number, page] of [...this.pages].sort(([a], [b]) => a - b)) {
      for (const [offset, row] of page.rows.entries()) {
        if (row.kind === 'group') found.push(number * PAGE_ROWS + offset);
      }
    }
    return found;
  }

  /** The index of a run among the rows that are known. */
  indexOf(runId: RunId): number | null {
    for (const [number, page] of this.pages) {
      const offset = page.rows.findIndex((row) => row.kind === 'run' && row.runId === runId);
      if (offset >= 0) return number * PAGE_ROWS + offset;
    }
    return null;
  }

  /**
   * Takes an answer. With `keepOrder` rows that stand elsewhere now are not moved: their values change in place.
   * @returns whether rows would have moved.
   */
  take(page: number, answer: TableWindow, columns: readonly Column[], keepOrder: boolean): boolean {
    const known = this.pages.get(page);
    const moves = known !== undefined && !isSameOrder(known.rows, answer.rows);
    if (known !== undefined && moves && keepOrder) {
      this.changeInPlace(known, answer, columns);
      return true;
    }
    this.rowCount = answer.rowCount;
    this.runCount = answer.runCount;
    this.allCount = answer.allCount;
    const isFresh = known === undefined || moves || known.generation !== this.generation;
    const kept: Page = isFresh
      ? { rows: [], cells: new Map(), generation: this.generation, stamp: 0 }
      : known;
    kept.rows = answer.rows;
    kept.stamp = this.stamps += 1;
    for (const [n, column] of columns.entries()) {
      kept.cells.set(
        columnKey(column),
        answer.rows.map((row) => row.cells[n] ?? null),
      );
    }
    this.pages.delete(page); // The newest is last.
    this.pages.set(page, kept);
    return moves;
  }

  /** Forgets the pages that are farthest from one. */
  trim(around: number): void {
    if (this.pages.size <= MOST_PAGES) return;
    const byDistance = [...this.pages.keys()].sort((a, b) => Math.abs(b - around) - Math.abs(a - around));
    for (const page of byDistance.slice(0, this.pages.size - MOST_PAGES)) this.pages.delete(page);
  }

  private changeInPlace(known: Page, answer: TableWindow, columns: readonly Column[]): void {
    const places = new Map(answer.rows.map((row, index) => [rowKey(row), index]));
    const newRow = (row: TableRow) => answer.rows[places.get(rowKey(row)) ?? -1];
    const before = known.rows;
    known.rows = before.map((row) => newRow(row) ?? row);
    for (const [n, column] of columns.entries()) {
      const key = columnKey(column);
      const old = known.cells.get(key);
      known.cells.set(
        key,
        before.map((row, index) => newRow(row)?.cells[n] ?? old?.[index] ?? null),
      );
    }
    known.generation = this.generation;
    known.stamp = this.stamps += 1;
  }
}

function rowKey(row: TableRow): string {
  return row.kind === 'run' ? row.runId : `=${row.value}`;
}

function isSameOrder(a: readonly TableRow[], b: readonly TableRow[]): boolean {
  return a.length === b.length && a.every((row, index) => rowKey(row) === rowKey(b[index] ?? row));
}
