import type { ColumnLook, ViewColumn, ViewDefinition } from '../../src/model/savedView';
import { type Column, columnKey } from '../../src/model/table';
import { type ShownColumn, asViewColumns } from './columns';

/**
 * What a view's columns are after a person changed one. Columns that are not shown now, since all runs are equal in
 * them, keep their places behind the one that stood before them.
 */
export class ColumnEdits {
  /** All columns of the view, those that are not shown included. */
  readonly all: readonly ViewColumn[];
  private readonly shown: readonly ViewColumn[];

  constructor(shown: readonly ShownColumn[], definition: Pick<ViewDefinition, 'columns'>) {
    this.shown = asViewColumns(shown);
    this.all = definition.columns ?? this.shown;
  }

  /** @param n the column's number among those that are shown, here and in all that follows. */
  resize(n: number, width: number | null): readonly ViewColumn[] {
    return this.changed(n, (column) => ({ ...column, width }));
  }

  look(n: number, look: ColumnLook): readonly ViewColumn[] {
    return this.changed(n, (column) => ({ ...column, look }));
  }

  pin(n: number, pinned: boolean): readonly ViewColumn[] {
    return this.changed(n, (column) => ({ ...column, pinned }));
  }

  hide(n: number): readonly ViewColumn[] {
    const gone = this.keyOf(n);
    return this.all.filter(({ column }) => columnKey(column) !== gone);
  }

  /** Puts a column before the shown one that has the number `before` now; beside pinned ones it is pinned itself. */
  move(n: number, before: number): readonly ViewColumn[] {
    const moved = this.shown[n];
    if (moved === undefined || before === n || before === n + 1 || before < 0) return this.all;
    const next = this.shown[before];
    const previous = this.shown[before - 1];
    const pinned = next?.pinned ?? (moved.pinned && (previous?.pinned ?? true));
    const key = columnKey(moved.column);
    const rest = this.all.filter(({ column }) => columnKey(column) !== key);
    const at =
      next === undefined
        ? rest.length
        : rest.findIndex(({ column }) => columnKey(column) === columnKey(next.column));
    return [...rest.slice(0, at), { ...moved, pinned }, ...rest.slice(at)];
  }

  /** Takes a column out, or puts it behind the others. */
  toggle(column: Column): readonly ViewColumn[] {
    const key = columnKey(column);
    const rest = this.all.filter((one) => columnKey(one.column) !== key);
    return rest.length < this.all.length ? rest : [...rest, { column, width: null, pinned: false }];
  }

  private changed(n: number, change: (column: ViewColumn) => ViewColumn): readonly ViewColumn[] {
    const key = this.keyOf(n);
    return this.all.map((one) => (columnKey(one.column) === key ? change(one) : one));
  }

  private keyOf(n: number): string | null {
    const column = this.shown[n]?.column;
    return column === undefined ? null : columnKey(column);
  }
}
