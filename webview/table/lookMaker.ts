import type { RunId } from '../../src/model/run';
import { columnKey } from '../../src/model/table';
import { onThemeChange } from '../ui/themeChange';
import { type BarRange, barRange, placeIn } from './barRange';
import { cellNumber } from './cells';
import { ColumnNumbers } from './columnNumbers';
import { columnTitle } from './columnWords';
import type { ShownColumn } from './columns';
import type { TableState } from './contract';
import type { GridLook } from './grid';
import { type Layout, layOut } from './layout';
import { PAGE_ROWS } from './rowPages';
import type { RowSource } from './rowSource';
import { SeenWidths } from './widths';

/** Puts together what the grid is drawn with: layout, formats of numbers, ranges of bars, colours of runs. */
export class LookMaker {
  private shown: readonly ShownColumn[] = [];
  private readonly widths = new SeenWidths();
  private readonly formats = new Map<string, ColumnNumbers>();
  private readonly ranges = new Map<string, BarRange | null>();
  private layout: Layout = { columns: [], pinnedCount: 0, nameWidth: 150, frozenWidth: 178, width: 178 };
  private made: GridLook | null = null;
  private state: TableState | null = null;
  private knowsFont = false;
  private readonly stopThemes = onThemeChange(() => {
    this.knowsFont = false;
    this.host.restyled();
  });

  constructor(
    private readonly source: RowSource,
    private readonly host: { grew(): void; readsOtherwise(): void; restyled(): void },
  ) {}

  look(): GridLook {
    this.made ??= this.make();
    return this.made;
  }

  update(state: TableState): void {
    this.state = state;
    this.widths.sorted = new Set(
      state.definition.sort.map(({ column }) => (column.kind === 'name' ? 'name' : columnKey(column))),
    );
    this.ranges.clear();
    this.made = null;
  }

  /** Time went on: ages read otherwise. */
  tick(): void {
    this.made = null;
  }

  columns(shown: readonly ShownColumn[]): void {
    this.shown = shown;
    this.made = null;
  }

  nameWidth(width: number | null): void {
    this.widths.ownName = width;
  }

  widthOf(part: string): number {
    if (part === 'name') return this.layout.nameWidth;
    return this.layout.columns[Number(part)]?.width ?? 0;
  }

  layOut(room: number, element: Element): void {
    if (!this.knowsFont) this.readFont(element);
    this.layout = layOut(this.shown, this.widths, room);
    this.made = null;
  }

  /** Once for each theme: to be asked for its style, a page has to work out that of everything that has changed. */
  private readFont(element: Element): void {
    const style = getComputedStyle(element);
    if (style.fontSize === '') return; // It is not in the page yet.
    this.knowsFont = true;
    const font = `${style.fontSize} ${style.fontFamily}`;
    if (font === this.widths.font) return;
    this.widths.font = font;
    this.widths.forget();
  }

  dispose(): void {
    this.stopThemes();
  }

  /** The rows of another query are there: the bars follow from them. */
  rowsChanged(): void {
    this.ranges.clear();
    this.made = null;
  }

  /** Where the champion's and the target's line run in the goal's column. */
  lines(): { readonly champion: number | null; readonly target: number | null } {
    const goal = this.shown.find(({ isGoal }) => isGoal);
    const range = goal === undefined || goal.look !== 'bars' ? null : this.range(goal.key);
    const at = (value: number | null | undefined) =>
      range === null || value === null || value === undefined || value < range.low || value > range.high
        ? null
        : placeIn(range, value);
    return { champion: at(this.state?.view.champion?.value), target: at(this.state?.view.goal?.target) };
  }

  private make(): GridLook {
    const { state } = this;
    const lines = this.lines();
    const groupBy = state?.definition.groupBy ?? null;
    return {
      layout: this.layout,
      slots: new Map<RunId, number>(state?.view.slots ?? []),
      championId: state?.view.champion?.runId ?? null,
      bestId: state?.view.best?.runId ?? null,
      hasChampionLine: lines.champion !== null,
      hasTargetLine: lines.target !== null,
      groupBy,
      now: Date.now(),
      sort: state?.definition.sort ?? [],
      goal: state?.view.goal ?? null,
      groupedBy: groupBy === null ? null : columnTitle(groupBy),
      numbers: (key) => this.format(key),
      readsOtherwise: () => this.host.readsOtherwise(),
      range: (key) => this.range(key),
      sees: (column, text, isGroup) => {
        if (this.widths.sees(column.shown, text, isGroup)) this.host.grew();
      },
      seesName: (name) => {
        if (this.widths.seesName(name)) this.host.grew();
      },
      seesGroup: (name, more) => {
        if (this.widths.seesGroup(name, more)) this.host.grew();
      },
    };
  }

  /** The format of a column; it begins with what is known of all its values. */
  private format(key: string): ColumnNumbers {
    const known = this.formats.get(key);
    if (known !== undefined) return known;
    const made = new ColumnNumbers();
    this.formats.set(key, made);
    const info = this.shown.find((one) => one.key === key)?.info;
    for (const end of [info?.min, info?.max]) if (typeof end === 'number') made.see(end);
    return made;
  }

  /** From the first rows that were read, so that it stays while one scrolls. */
  private range(key: string): BarRange | null {
    const known = this.ranges.get(key);
    if (known !== undefined) return known;
    const shown = this.shown.find((one) => one.key === key);
    const view = this.state?.view;
    if (shown === undefined || view === undefined || !this.source.isReady) return null;
    const values = this.numbersOf(key);
    // A column that was just added has no cells yet: bars of the ends alone would be wrong, and stay.
    if (values.length === 0 && this.source.rowCount > 0) return null;
    const info = shown.info;
    const isLast = shown.column.kind !== 'metric' || shown.column.of === 'last';
    const ends = shown.isGoal
      ? [view.best?.value ?? null, view.champion?.value ?? null, view.goal?.target ?? null]
      : isLast
        ? [info?.min ?? null, info?.max ?? null]
        : [];
    const range = barRange(values, ends, shown.isGoal ? (view.goal?.direction ?? null) : null);
    this.ranges.set(key, range);
    return range;
  }

  private numbersOf(key: string): number[] {
    const end = Math.min(this.source.rowCount, PAGE_ROWS);
    const found: number[] = [];
    for (let index = 0; index < end; index += 1) {
      const cell = this.source.cell(index, key);
      if (cell === undefined || cell === null) continue;
      const value = typeof cell !== 'object' ? cellNumber(cell) : cell.kind === 'numbers' ? cell.mean : null;
      if (value !== null) found.push(value);
    }
    return found;
  }
}
