import { type TemplateResult, render } from 'lit';
import type { Column, TableRow } from '../../src/model/table';
import { type HeadContext, headRow } from './headTemplate';
import { type HeadDragHost, watchHead } from './headDrag';
import { type Layout, columnsInView } from './layout';
import { GROUP_HEIGHT, ROW_HEIGHT, RowOffsets } from './rowOffsets';
import type { RowSource } from './rowSource';
import { ACTIVE_ID, type RowContext, emptyRow, groupRow, runRow } from './rowTemplate';

/** What the grid is drawn with: columns, colours, marks; the rows come from their source. */
export type GridLook = Omit<RowContext, 'from' | 'to' | 'places' | 'cell'> &
  Omit<HeadContext, 'from' | 'to' | 'places' | 'active'>;

export interface GridHost extends HeadDragHost {
  look(): GridLook;
  isSelected(index: number): boolean;
  isEmphasised(index: number): boolean;
  /** A part of a row was clicked: the eye, the name, or a column by its number. */
  clicked(index: number, part: string, event: MouseEvent): void;
  opened(index: number, beside: boolean): void;
  menu(index: number, part: string, at: { readonly x: number; readonly y: number }): void;
  pointed(index: number | null): void;
  /** The active cell is another one. */
  moved(index: number, extend: boolean): void;
  /** Keys that do not move. @returns whether one was taken. */
  key(event: KeyboardEvent, index: number): boolean;
  /** A cell or text became wider than its column. */
  grew(): void;
}

const OVERSCAN = 6; // Rows beyond the edges, drawn before they are seen.
const HEAD_HEIGHT = 34;
const TIDY_MS = 200; // After scrolling has ended.

interface RowSlot {
  readonly element: HTMLDivElement;
  index: number;
  version: number;
  /** Of the row that it shows, as its source counts. */
  stamp: number;
}

/**
 * The rows and columns that are on the screen. Of a hundred thousand rows some sixty elements exist, which are used
 * again as they leave at one end; a frame of scrolling draws only the rows that came in.
 */
export class Grid {
  readonly element = document.createElement('div');
  /** The active cell: row −1 is the head, column 0 the name. */
  active = { row: 0, column: 0 };
  private readonly head = document.createElement('div');
  private readonly body = document.createElement('div');
  private readonly sheet = new CSSStyleSheet();
  private readonly offsets = new RowOffsets();
  private readonly slots: RowSlot[] = [];
  private readonly resized = new ResizeObserver(() => this.measure());
  private version = 0;
  private frame = 0;
  private tidying: ReturnType<typeof setTimeout> | undefined;
  private room = { width: 0, height: 0 };
  private seen = { top: 0, left: 0, from: 0, to: 0, columnFrom: 0, columnTo: 0, direction: 1 as 1 | -1 };
  private pointer: number | null = null;
  private stale = true;
  private drawnLayout: Layout | null = null;
  private hasGrown = false;
  /** Whether the rows are those of another query, of which nothing was seen. */
  private isNew = true;
  private placed = '';
  private places = 0;

  constructor(
    private readonly source: RowSource,
    private readonly host: GridHost,
    label: string,
  ) {
    const { element, head, body } = this;
    element.className = 'runs-grid';
    element.tabIndex = 0;
    element.setAttribute('role', 'grid');
    element.setAttribute('aria-label', label);
    element.setAttribute('aria-multiselectable', 'true');
    head.className = 'grid-head';
    head.setAttribute('role', 'row');
    head.setAttribute('aria-rowindex', '1');
    body.className = 'grid-rows';
    body.setAttribute('role', 'rowgroup');
    const headGroup = document.createElement('div');
    headGroup.className = 'grid-head-group';
    headGroup.setAttribute('role', 'rowgroup');
    headGroup.append(head);
    element.append(headGroup, body);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
    element.addEventListener('scroll', () => this.drawSoon(), { passive: true });
    element.addEventListener('keydown', (event) => this.onKey(event));
    element.addEventListener('focus', () => this.refresh());
    element.addEventListener('blur', () => this.refresh());
    body.addEventListener('click', (event) =>
      this.onRow(event, (index, part) => this.onClick(index, part, event)),
    );
    body.addEventListener('dblclick', (event) =>
      this.onRow(event, (index, part) => {
        if (part !== 'eye') host.opened(index, event.altKey);
      }),
    );
    element.addEventListener('contextmenu', (event) => this.onMenu(event));
    body.addEventListener('pointermove', (event) => this.point(indexOf(event)));
    body.addEventListener('pointerleave', () => this.point(null));
    watchHead(head, host);
    this.resized.observe(element);
  }

  /** The row under the pointer; null when it is elsewhere. */
  get pointed(): number | null {
    return this.pointer;
  }

  /** The width that there is for columns. */
  get width(): number {
    return this.room.width;
  }

  /** What is seen of rows and columns, for the source to read. */
  get inView() {
    return this.seen;
  }

  /** The columns that will be drawn, for rows that are asked for before anything is. */
  columnsInReach(): readonly Column[] {
    const { layout } = this.host.look();
    const { from, to } = columnsInView(layout, this.seen.left, this.room.width);
    return this.columnsToRead(layout, from, to);
  }

  /** Draws everything anew: something of the look or of the rows changed. */
  refresh(): void {
    this.version += 1;
    this.stale = true;
    this.drawSoon();
  }

  /** Rows came, or changed: these are drawn, and all others where they stand now. */
  rowsCame(): void {
    this.stale = true;
    this.drawSoon();
  }

  /** Scrolls to the first row, before the rows of another query are drawn. */
  toTop(): void {
    this.isNew = true;
    if (this.offsets.height > 0) this.element.scrollTop = 0;
    this.active = { row: Math.min(0, this.source.rowCount - 1), column: this.active.column };
  }

  /** The run of the active row stands elsewhere now. */
  follow(row: number): void {
    if (row === this.active.row) return;
    this.active = { ...this.active, row };
    this.refresh();
  }

  /** Other groups are folded: the active row stays where it is on the screen. */
  keepPlace(): void {
    const { offsets, source, element, active } = this;
    const row = Math.max(0, active.row);
    const before = offsets.topOf(row) - element.scrollTop;
    offsets.set(source.rowCount, source.groups());
    this.body.style.height = `${offsets.height}px`;
    element.scrollTop = offsets.topOf(Math.min(row, Math.max(0, source.rowCount - 1))) - before;
    this.active = { ...active, row: Math.min(active.row, source.rowCount - 1) };
  }

  /** Makes a cell the active one and brings it into view. */
  moveTo(row: number, column = this.active.column): void {
    const columns = this.host.look().layout.columns.length;
    this.active = {
      row: Math.max(-1, Math.min(this.source.rowCount - 1, row)),
      column: Math.max(0, Math.min(columns, column)),
    };
    this.show(this.active.row, this.active.column);
    this.refresh();
  }

  /** Where the active cell is on the screen, for menus. */
  activePlace(): { x: number; y: number } {
    const box = this.element.querySelector(`#${ACTIVE_ID}`)?.getBoundingClientRect();
    const own = this.element.getBoundingClientRect();
    return box === undefined ? { x: own.left, y: own.top } : { x: box.left, y: box.bottom };
  }

  dispose(): void {
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.tidying);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }

  private measure(): void {
    const room = { width: this.element.clientWidth, height: this.element.clientHeight };
    if (room.width === this.room.width && room.height === this.room.height) return;
    const isWider = room.width !== this.room.width;
    this.room = room;
    if (isWider) this.host.grew();
    this.refresh();
  }

  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { source, offsets, body, host } = this;
    // Asked for before anything is written: afterwards the page would be laid out for the answer.
    const { scrollTop: top, scrollLeft: left } = this.element;
    if (this.stale) {
      offsets.set(source.rowCount, source.groups());
      body.style.height = `${offsets.height}px`;
    }
    const bottom = top + Math.max(0, this.room.height - HEAD_HEIGHT);
    const count = offsets.rowCount;
    // What is seen comes first; what is beside it with the next frame.
    const around = this.isNew ? 0 : OVERSCAN;
    const from = count === 0 ? 0 : Math.max(0, offsets.indexAt(top) - around);
    const to = count === 0 ? 0 : Math.min(count, offsets.indexAt(bottom) + 1 + around);
    let look = host.look();
    if (this.isNew && to > 0) look = this.rehearse(look, from, to, left);
    const columns = columnsInView(look.layout, left, this.room.width);
    const isOther = columns.from !== this.seen.columnFrom || columns.to !== this.seen.columnTo;
    const direction = top === this.seen.top ? this.seen.direction : top > this.seen.top ? 1 : -1;
    this.seen = { top, left, from, to, columnFrom: columns.from, columnTo: columns.to, direction };
    this.places = Math.max(this.places, columns.to - columns.from);
    if (isOther) this.version += 1;
    if (look.layout !== this.drawnLayout) this.place(look.layout);
    if (this.stale || isOther) this.drawHead(look);
    this.drawRows(look);
    this.stale = false;
    if (this.isNew && to > 0) {
      this.isNew = false;
      this.drawSoon();
    }
    if (this.hasGrown) {
      this.hasGrown = false;
      host.grew();
    }
    source.look({
      ...{ from, to, direction },
      columns: this.columnsToRead(look.layout, columns.from, columns.to),
    });
    clearTimeout(this.tidying);
    this.tidying = setTimeout(() => this.tidy(), TIDY_MS);
  }

  /**
   * Lets new rows say how wide they are and how their numbers are written before they are drawn: drawn first, they
   * would be drawn twice, and jump.
   */
  private rehearse(look: GridLook, from: number, to: number, left: number): GridLook {
    const stretch = columnsInView(look.layout, left, this.room.width);
    const context = this.contextOf(look, stretch.from, stretch.to);
    for (let index = from; index < to; index += 1) rowOf(context, this.source.row(index), index, NO_MARKS);
    if (this.hasGrown) {
      this.hasGrown = false;
      this.host.grew();
    }
    // This very drawing is the one that was asked for.
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    return this.host.look();
  }

  /** All columns when they are few; else those in view and some around them, so that a small step reads nothing. */
  private columnsToRead({ columns, pinnedCount }: Layout, columnFrom: number, columnTo: number) {
    const all = columns.map(({ shown }) => shown.column);
    if (all.length <= 40) return all;
    const block = 12;
    const from = Math.max(pinnedCount, Math.floor((columnFrom - 4) / block) * block);
    const to = Math.ceil((columnTo + 4) / block) * block;
    return [...all.slice(0, pinnedCount), ...all.slice(from, to)];
  }

  private drawHead(look: GridLook): void {
    const active = this.active.row < 0 ? this.active.column : null;
    const stretch = { from: this.seen.columnFrom, to: this.seen.columnTo, places: this.places };
    render(headRow({ ...look, ...stretch, active }), this.head);
    const { element } = this;
    element.setAttribute('aria-rowcount', String(this.source.rowCount + 1));
    element.setAttribute('aria-colcount', String(look.layout.columns.length + 2));
    // Only rows of a tree may be expanded.
    element.setAttribute('role', look.groupBy === null ? 'grid' : 'treegrid');
    if (this.source.rowCount > 0 || this.active.row < 0)
      element.setAttribute('aria-activedescendant', ACTIVE_ID);
    else element.removeAttribute('aria-activedescendant');
  }

  private drawRows(look: GridLook): void {
    const { from, to } = this.seen;
    const needed = to - from;
    if (this.slots.length < needed) {
      while (this.slots.length < needed) this.slots.push(this.newSlot());
      for (const slot of this.slots) slot.index = -1;
    }
    const context = this.contextOf(look, this.seen.columnFrom, this.seen.columnTo);
    const count = this.slots.length;
    const free = new Set(this.slots.keys());
    for (let index = from; index < to; index += 1) {
      const number = index % count;
      const slot = this.slots[number];
      if (slot === undefined) continue;
      free.delete(number);
      const isDrawn =
        slot.index === index && slot.version === this.version && slot.stamp === this.source.stamp(index);
      if (!isDrawn) this.drawRow(slot, index, context);
      else if (this.stale) this.put(slot.element, index);
    }
    for (const number of free) {
      const slot = this.slots[number];
      if (slot === undefined || slot.index === -1) continue;
      slot.index = -1;
      slot.element.hidden = true;
    }
  }

  private contextOf(look: GridLook, from: number, to: number): RowContext {
    const cell: RowContext['cell'] = (index, key) => this.source.cell(index, key);
    return { ...look, from, to, places: this.places, cell };
  }

  private drawRow(slot: RowSlot, index: number, context: RowContext): void {
    const { element } = slot;
    const row = this.source.row(index);
    if (slot.index !== index) {
      element.dataset.index = String(index);
      element.setAttribute('aria-rowindex', String(index + 2));
    }
    this.put(element, index);
    const isActive = index === this.active.row;
    const isGroup = row?.kind === 'group';
    const classes = [
      'grid-row',
      ...(isGroup ? ['group'] : []),
      ...(isActive ? ['active'] : []),
      ...(row?.kind === 'run' && this.host.isSelected(index) ? ['selected'] : []),
      ...(this.host.isEmphasised(index) ? ['emphasised'] : []),
      ...(isActive && this.active.column > 0 ? ['by-cell'] : []),
    ].join(' ');
    if (element.className !== classes) element.className = classes;
    if (isGroup) element.setAttribute('aria-expanded', String(!row.isFolded));
    else element.removeAttribute('aria-expanded');
    if (context.groupBy === null) element.removeAttribute('aria-level');
    else element.setAttribute('aria-level', isGroup ? '1' : '2');
    if (row?.kind === 'run') element.setAttribute('aria-selected', String(this.host.isSelected(index)));
    else element.removeAttribute('aria-selected');
    render(rowOf(context, row, index, { active: isActive ? this.active.column : null }), element);
    element.hidden = false;
    slot.index = index;
    slot.version = this.version;
    slot.stamp = this.source.stamp(index);
  }

  private put(element: HTMLElement, index: number): void {
    const place = `translateY(${this.offsets.topOf(index)}px)`;
    if (element.style.transform !== place) element.style.transform = place;
  }

  private newSlot(): RowSlot {
    const element = document.createElement('div');
    element.setAttribute('role', 'row');
    this.body.append(element);
    return { element, index: -1, version: -1, stamp: -1 };
  }

  /** Puts the columns where the layout has them: one rule a column, so that rows carry no sizes of their own. */
  private place(layout: Layout): void {
    this.drawnLayout = layout;
    const rules = layout.columns.map(({ left, width, track, number, shown }, n) => {
      const goal = shown.isGoal ? this.lineRules(n) : '';
      const bars =
        track === 0
          ? ''
          : `.runs-grid .k${n} :is(.track,.axis){width:${track}px}.runs-grid .k${n} :is(.bar-value,.group-mean){min-width:${number}px}`;
      return `.runs-grid .k${n}{left:${left}px;width:${width}px}${bars}${goal}`;
    });
    rules.push(
      `.runs-grid .frozen{width:${layout.frozenWidth}px}`,
      `.runs-grid .name,.runs-grid .name-head{width:${layout.nameWidth}px}`,
      `.runs-grid .group-name{width:${layout.nameWidth + 28}px}`,
      `.runs-grid .grid-head,.runs-grid .grid-rows{width:max(100%,${layout.width}px)}`,
    );
    const sheet = rules.join('\n');
    this.version += 1;
    this.stale = true;
    if (sheet === this.placed) return;
    this.placed = sheet;
    this.sheet.replaceSync(sheet);
  }

  private lineRules(n: number): string {
    const lines = this.host.lines();
    const rule = (name: string, share: number | null) =>
      share === null ? '' : `.runs-grid .k${n} .${name}{left:${(share * 100).toFixed(2)}%}`;
    return rule('champion-line', lines.champion) + rule('target-line', lines.target);
  }

  /** Puts the rows into the order in which they are seen, for those who have them read aloud. */
  private tidy(): void {
    const used = this.slots.filter((slot) => slot.index >= 0).sort((a, b) => a.index - b.index);
    let before: Element | null = null;
    for (const { element } of used) {
      const place: Element | null = before === null ? this.body.firstElementChild : before.nextElementSibling;
      if (place !== element) this.body.insertBefore(element, place);
      before = element;
    }
  }

  private show(row: number, column: number): void {
    if (row >= 0) {
      const top = this.offsets.topOf(row);
      const height = this.source.row(row)?.kind === 'group' ? GROUP_HEIGHT : ROW_HEIGHT;
      const room = this.room.height - HEAD_HEIGHT;
      if (top < this.element.scrollTop) this.element.scrollTop = top;
      else if (top + height > this.element.scrollTop + room) this.element.scrollTop = top + height - room;
    }
    const { layout } = this.host.look();
    const laid = layout.columns[column - 1];
    if (laid === undefined || laid.shown.pinned) return;
    const left = laid.left - layout.frozenWidth;
    if (left < this.element.scrollLeft) this.element.scrollLeft = left;
    else if (laid.left + laid.width > this.element.scrollLeft + this.room.width) {
      this.element.scrollLeft = laid.left + laid.width - this.room.width;
    }
  }

  private point(index: number | null): void {
    if (index === this.pointer) return;
    this.pointer = index;
    this.host.pointed(index);
  }

  private onRow(event: Event, take: (index: number, part: string) => void): void {
    const index = indexOf(event);
    if (index === null) return;
    take(index, partOf(event) ?? 'name');
  }

  private onClick(index: number, part: string, event: MouseEvent): void {
    const column = /^\d+$/.test(part) ? Number(part) + 1 : 0;
    this.active = { row: index, column };
    this.host.clicked(index, part, event);
    this.refresh();
  }

  private onMenu(event: MouseEvent): void {
    const index = indexOf(event);
    const at = { x: event.clientX, y: event.clientY };
    // The keyboard's menu key comes without a place.
    if (event.button !== 2 && event.detail === 0) return;
    if (index !== null) {
      event.preventDefault();
      const part = partOf(event) ?? 'name';
      this.active = { row: index, column: /^\d+$/.test(part) ? Number(part) + 1 : 0 };
      this.host.menu(index, part, at);
      this.refresh();
      return;
    }
    const head = headOf(event);
    if (head === null) return;
    event.preventDefault();
    this.host.headMenu(head, at);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.element) return;
    const { row, column } = this.active;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const page = Math.max(1, Math.floor((this.room.height - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const rows: Readonly<Record<string, number>> = {
      ArrowDown: row + 1,
      ArrowUp: row - 1,
      PageDown: Math.max(0, row) + page,
      PageUp: Math.max(0, row - page),
      Home: 0,
      End: this.source.rowCount - 1,
    };
    const target = rows[event.key];
    if (isPlain && target !== undefined) {
      this.moveTo(target);
      if (row >= 0 || this.active.row >= 0) this.host.moved(this.active.row, event.shiftKey);
    } else if (row < 0 && this.onHeadKey(event, column)) {
      // The head has its own meaning of these.
    } else if (isPlain && !event.shiftKey && event.key === 'ArrowRight') {
      const group = this.source.row(row);
      if (column === 0 && group?.kind === 'group' && group.isFolded) this.host.fold(row, false);
      else this.moveTo(row, column + 1);
    } else if (isPlain && !event.shiftKey && event.key === 'ArrowLeft') {
      if (column > 0) this.moveTo(row, column - 1);
      else this.foldOrLeave(row);
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const part = column === 0 ? 'name' : String(column - 1);
      if (row < 0) this.host.headMenu(part, this.activePlace());
      else this.host.menu(row, part, this.activePlace());
    } else if (!this.host.key(event, row)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private onHeadKey(event: KeyboardEvent, column: number): boolean {
    const part = column === 0 ? 'name' : String(column - 1);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Enter' || event.key === ' ') this.host.sort(part, event.shiftKey);
    else if (step !== 0 && event.altKey && event.shiftKey) this.host.resizeBy(part, step * 10);
    else if (step !== 0 && event.altKey) {
      this.host.moveColumn(part, column - 1 + (step > 0 ? 2 : -1));
      this.active = { row: -1, column: Math.max(1, column + step) };
    } else if (step !== 0) this.moveTo(-1, column + step);
    else if (event.key === 'ArrowDown' && event.altKey) this.host.headMenu(part, this.activePlace());
    else return false;
    return true;
  }

  /** Folds a group; from a run goes to its group. */
  private foldOrLeave(row: number): void {
    const here = this.source.row(row);
    if (here?.kind === 'group') {
      if (!here.isFolded) this.host.fold(row, true);
      return;
    }
    const groups = this.source.groups().filter((index) => index < row);
    const own = groups.at(-1);
    if (own === undefined) return;
    this.moveTo(own);
    this.host.moved(own, false);
  }

  /** Told by cells whose text does not fit. */
  grow(): void {
    this.hasGrown = true;
  }
}

const NO_MARKS = { active: null };

function rowOf(
  context: RowContext,
  row: TableRow | undefined,
  index: number,
  marks: { readonly active: number | null },
): TemplateResult {
  if (row === undefined) return emptyRow();
  return row.kind === 'group' ? groupRow(context, row, index, marks) : runRow(context, row, index, marks);
}

function indexOf(event: Event): number | null {
  const { target } = event;
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row === null ? null : Number(row.dataset.index);
}

function partOf(event: Event): string | null {
  const { target } = event;
  return (
    (target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null)?.dataset.column ?? null
  );
}

function headOf(event: Event): string | null {
  const { target } = event;
  return (
    (target instanceof Element ? target.closest<HTMLElement>('[data-head]') : null)?.dataset.head ?? null
  );
}
