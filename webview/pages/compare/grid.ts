import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from '@tanstack/virtual-core';
import { render } from 'lit';
import type { CompareView } from '../../../src/api/comparePage';
import type { RunId } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { columnHeads } from './columnHeads';
import { type Place, gridRow } from './gridRow';
import type { CompareRow } from './rows';

/** What the grid asks of the page. */
export interface GridHost {
  toggleFold(section: string): void;
  toggleAll(section: string): void;
  openRun(runId: RunId, beside: boolean): void;
  openCode(runId: RunId, path: string): void;
  showCharts(metric: string): void;
  /** The columns are to be these, in this order. */
  setRuns(runIds: readonly RunId[]): void;
  copy(text: string): void;
  /** Says something to a screen reader. */
  say(text: string): void;
  scrolled(top: number): void;
}

const HEIGHTS: Readonly<Record<CompareRow['kind'], number>> = { head: 30, value: 22, note: 24 };
const FIRST = 210; // Pixels of the column of names.
const NARROWEST = 216; // A value, its difference and a word, in bold.
const WIDEST = 340;
const AROUND = 8; // Rows beyond the edges, so that scrolling shows no white.

/**
 * The runs side by side: a tree grid with one tab stop. Of ten thousand rows those on the screen exist; the heads
 * and the names stay while it scrolls.
 */
export class CompareGrid {
  readonly element = document.createElement('div');
  private readonly heads = document.createElement('div');
  private readonly body = document.createElement('div');
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private view: CompareView | null = null;
  private rows: readonly CompareRow[] = [];
  private wrap = false;
  private readonly unfolded = new Set<string>();
  private active: Place = { row: -1, column: 0 };
  private dragged: number | null = null;
  private target: number | null = null;
  private frame = 0;

  constructor(private readonly host: GridHost) {
    this.element.className = 'compare';
    this.element.setAttribute('role', 'treegrid');
    this.element.setAttribute('aria-label', t('Runs side by side'));
    this.element.tabIndex = 0;
    this.element.dataset['area'] = '';
    this.heads.className = 'heads';
    this.heads.setAttribute('role', 'row');
    this.heads.setAttribute('aria-rowindex', '1');
    this.body.className = 'lines';
    this.body.setAttribute('role', 'rowgroup');
    this.element.append(this.heads, this.body);
    this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      ...this.options(),
      count: 0,
    });
    this.virtualizer._didMount();
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('focus', () => this.drawSoon());
    this.element.addEventListener('blur', () => this.drawSoon());
    this.element.addEventListener('scroll', () => this.host.scrolled(this.element.scrollTop));
    new ResizeObserver(() => this.drawSoon()).observe(this.element);
  }

  show(view: CompareView, rows: readonly CompareRow[], wrap: boolean): void {
    const isOtherWrap = wrap !== this.wrap;
    this.view = view;
    this.rows = rows;
    this.wrap = wrap;
    this.active = {
      row: Math.min(this.active.row, rows.length - 1),
      column: Math.min(this.active.column, view.runs.length - 1),
    };
    this.virtualizer.setOptions({ ...this.options(), count: rows.length });
    if (isOtherWrap) this.virtualizer.measure();
    this.draw();
  }

  /** Where the person was before the page was hidden. */
  scrollTo(top: number): void {
    this.element.scrollTop = top;
  }

  private options() {
    return {
      getScrollElement: () => this.element,
      estimateSize: (index: number) => HEIGHTS[this.rows[index]?.kind ?? 'value'],
      getItemKey: (index: number) => this.rows[index]?.key ?? index,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.drawSoon(),
      overscan: AROUND,
      scrollMargin: this.heads.offsetHeight,
      scrollPaddingStart: this.heads.offsetHeight,
      indexAttribute: 'data-index',
      initialRect: { width: 800, height: 600 },
    };
  }

  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { view, rows, active } = this;
    if (view === null || !this.element.isConnected) return;
    const count = view.runs.length;
    const room = Math.floor((this.element.clientWidth - FIRST) / count);
    const width = Math.max(NARROWEST, Math.min(WIDEST, room));
    // Sizes are set by script: the page's policy allows no style in markup.
    this.element.style.setProperty('--columns', `${FIRST}px repeat(${count}, ${width}px)`);
    this.element.style.setProperty('--width', `${FIRST + count * width}px`);
    this.element.setAttribute('aria-rowcount', String(rows.length + 1));
    this.element.setAttribute('aria-colcount', String(count + 1));
    this.element.classList.toggle('one', count === 1);
    const isFocused = document.activeElement === this.element;
    render(
      columnHeads(view, isFocused && active.row === -1 ? active.column : null, {
        moveTo: (column) => this.moveTo({ row: -1, column }),
        openRun: (runId, beside) => this.host.openRun(runId, beside),
        makeBase: (column) => this.makeBase(column),
        remove: (column) => this.remove(column),
        dragStart: (column) => (this.dragged = column),
        dragOver: (column) => this.dragOver(column),
        drop: () => this.drop(),
        target: this.target,
        dragged: this.dragged,
      }),
      this.heads,
    );
    this.virtualizer.setOptions({ ...this.options(), count: rows.length });
    this.virtualizer._willUpdate();
    this.body.style.height = `${this.virtualizer.getTotalSize()}px`;
    const items = this.virtualizer.getVirtualItems();
    const margin = this.virtualizer.options.scrollMargin;
    render(
      items.flatMap(({ index }) => {
        const row = rows[index];
        if (row === undefined) return [];
        return gridRow(row, {
          index,
          columnCount: count,
          isWrapped: this.isWrapped(row),
          active: isFocused && active.row === index ? active.column : null,
          click: (column) => this.click({ row: index, column }),
          toggleFold: (section) => this.host.toggleFold(section),
          toggleAll: (section) => this.host.toggleAll(section),
        });
      }),
      this.body,
    );
    const starts = new Map(items.map(({ index, start }) => [String(index), start - margin]));
    const isMeasured = this.wrap || this.unfolded.size > 0;
    for (const line of this.body.querySelectorAll<HTMLElement>('[data-index]')) {
      line.style.transform = `translateY(${starts.get(line.dataset['index'] ?? '') ?? 0}px)`;
      if (isMeasured) this.virtualizer.measureElement(line);
    }
    const cell = `cell-${active.row}-${active.column}`;
    if (document.getElementById(cell) === null) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', cell);
  }

  private isWrapped(row: CompareRow): boolean {
    return row.kind === 'value' && (this.wrap || this.unfolded.has(row.key));
  }

  private click(place: Place): void {
    this.moveTo(place);
    const row = this.rows[place.row];
    if (row?.kind === 'value' && place.column >= 0 && row.cells()[place.column]?.opens === true)
      this.enter(false);
  }

  private moveTo({ row, column }: Place): void {
    const columns = this.view?.runs.length ?? 0;
    this.active = {
      row: Math.max(-1, Math.min(this.rows.length - 1, row)),
      column: Math.max(-1, Math.min(columns - 1, column)),
    };
    if (this.active.row >= 0) this.virtualizer.scrollToIndex(this.active.row, { align: 'auto' });
    this.scrollToColumn();
    this.draw();
  }

  private scrollToColumn(): void {
    const head = this.heads.children[this.active.column + 1];
    if (!(head instanceof HTMLElement) || this.active.column < 0) return;
    const { element } = this;
    const left = head.offsetLeft - FIRST;
    const right = head.offsetLeft + head.offsetWidth - element.clientWidth;
    if (element.scrollLeft > left) element.scrollLeft = left;
    else if (element.scrollLeft < right) element.scrollLeft = right;
  }

  private onKey(event: KeyboardEvent): void {
    const { row, column } = this.active;
    const isCtrl = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.element.clientHeight / HEIGHTS.value) - 4);
    const at = this.rows[row];
    const handled = ((): boolean => {
      if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
        return this.moveColumn(column, event.key === 'ArrowLeft' ? -1 : 1);
      }
      if (isCtrl) {
        switch (event.key) {
          case 'Home':
            return this.go(-1, column);
          case 'End':
            return this.go(this.rows.length - 1, column);
          case 'c':
            return this.copyCell();
          default:
            return false;
        }
      }
      switch (event.key) {
        case 'ArrowDown':
          return this.go(row + 1, column);
        case 'ArrowUp':
          return this.go(row - 1, column);
        case 'ArrowLeft':
          if (at?.kind === 'head' && !at.isFolded) return this.fold(at.section.id);
          return this.go(row, column - 1);
        case 'ArrowRight':
          if (at?.kind === 'head' && at.isFolded) return this.fold(at.section.id);
          return this.go(row, column + 1);
        case 'PageDown':
          return this.go(row + page, column);
        case 'PageUp':
          return this.go(row - page, column);
        case 'Home':
          return this.go(row, -1);
        case 'End':
          return this.go(row, (this.view?.runs.length ?? 1) - 1);
        case 'Enter':
          return this.enter(event.altKey);
        case ' ':
          if (at?.kind === 'head') return this.fold(at.section.id);
          return at?.kind === 'value' ? this.unfold(at.key) : false;
        case 'a':
          return at?.kind === 'head' ? this.showAll(at.section.id) : false;
        case 'b':
          return this.makeBase(column);
        case 'Delete':
          return row === -1 ? this.remove(column) : false;
        default:
          return false;
      }
    })();
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private go(row: number, column: number): boolean {
    this.moveTo({ row, column });
    return true;
  }

  private fold(section: string): boolean {
    this.host.toggleFold(section);
    return true;
  }

  private showAll(section: string): boolean {
    this.host.toggleAll(section);
    return true;
  }

  private unfold(key: string): boolean {
    if (!this.unfolded.delete(key)) this.unfolded.add(key);
    this.virtualizer.measure();
    this.draw();
    return true;
  }

  private enter(beside: boolean): boolean {
    const { row, column } = this.active;
    const run = this.view?.runs[column]?.run;
    const at = this.rows[row];
    if (row === -1 && run !== undefined) this.host.openRun(run.runId, beside);
    else if (at?.kind === 'head') this.host.toggleFold(at.section.id);
    else if (at?.kind === 'value' && run !== undefined && at.cells()[column]?.opens === true) {
      this.host.openCode(run.runId, at.name);
    } else if (at?.kind === 'value' && at.section === 'metrics') this.host.showCharts(at.name);
    else if (at?.kind === 'value') return this.unfold(at.key);
    return true;
  }

  private copyCell(): boolean {
    const { row, column } = this.active;
    if ((window.getSelection()?.toString() ?? '') !== '') return false;
    const at = this.rows[row];
    const run = this.view?.runs[column]?.run;
    const text =
      row === -1
        ? run?.name
        : at?.kind !== 'value'
          ? undefined
          : column < 0
            ? at.name
            : at.cells()[column]?.value;
    if (text === undefined || text === null) return false;
    this.host.copy(text);
    return true;
  }

  private makeBase(column: number): boolean {
    const ids = this.ids();
    const [chosen] = ids.splice(column, 1);
    if (column < 1 || chosen === undefined) return false;
    this.setRuns([chosen, ...ids], 0);
    return true;
  }

  private remove(column: number): boolean {
    const ids = this.ids();
    if (column < 0 || ids.length < 2) return false;
    ids.splice(column, 1);
    this.setRuns(ids, Math.min(column, ids.length - 1));
    return true;
  }

  private moveColumn(column: number, by: number): boolean {
    const ids = this.ids();
    const to = column + by;
    if (column < 0 || to < 0 || to >= ids.length) return false;
    ids.splice(to, 0, ...ids.splice(column, 1));
    this.setRuns(ids, to);
    return true;
  }

  private dragOver(column: number): void {
    if (this.dragged === null || this.target === column) return;
    this.target = column;
    this.drawSoon();
  }

  private drop(): void {
    const { dragged, target } = this;
    this.dragged = null;
    this.target = null;
    if (dragged === null || target === null || dragged === target) {
      this.drawSoon();
      return;
    }
    const ids = this.ids();
    ids.splice(target, 0, ...ids.splice(dragged, 1));
    this.setRuns(ids, target);
  }

  private ids(): RunId[] {
    return this.view?.runs.map(({ run }) => run.runId) ?? [];
  }

  private setRuns(runIds: readonly RunId[], column: number): void {
    this.active = { row: this.active.row, column };
    const base = this.view?.runs.find(({ run }) => run.runId === runIds[0])?.run.name ?? '';
    this.host.say(t('{0} runs, compared with {1}', runIds.length, base));
    this.host.setRuns(runIds);
  }
}
