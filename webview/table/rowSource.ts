import { UserError, messageOf } from '../../src/base/errors';
import type { RunId } from '../../src/model/run';
import type { Cell, Column, GroupCell, TableQuery, TableRow } from '../../src/model/table';
import type { TableHost } from './contract';
import { PAGE_ROWS, RowPages } from './rowPages';

/** Which rows and columns are on the screen, and which way it goes. */
export interface Look {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly Column[];
  readonly direction: 1 | -1;
}

export interface RowSourceHost {
  readTable: TableHost['readTable'];
  /** Whether rows may be moved now; values are changed in place otherwise. */
  mayReorder(): boolean;
  /** Rows or counts are others: of the same query, of another one, or of one that only folds other groups. */
  changed(what: 'same' | 'new' | 'folded'): void;
  /** A query was refused: the rows of the last one stay. */
  refused(query: TableQuery, problem: string): void;
  /** The server is away (the rows stay), or is there again: null. */
  trouble(problem: string | null): void;
  busy(isBusy: boolean): void;
}

const MOST_IN_FLIGHT = 2; // One for what is seen and one for what comes next; more would only wait at the server.
const AGAIN_MS = 2_000;

/**
 * The rows of the table: asks for pages of them as they come on the screen, and for the next one ahead. The rows of
 * the last query stay until those of a new one are there; answers to a question that nobody asks any more are dropped.
 */
export class RowSource {
  private shown: RowPages | null = null;
  private next: RowPages | null = null;
  private seen: Look = { from: 0, to: 0, columns: [], direction: 1 };
  private readonly inFlight = new Map<string, RowPages>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDisposed = false;
  private isTroubled = false;
  /** Whether rows stand where they stood, though the order is another one. */
  private owesOrder = false;

  constructor(private readonly host: RowSourceHost) {}

  get query(): TableQuery | null {
    return this.shown?.query ?? null;
  }
  get rowCount(): number {
    return this.shown?.rowCount ?? 0;
  }
  get runCount(): number {
    return this.shown?.runCount ?? 0;
  }
  get allCount(): number {
    return this.shown?.allCount ?? 0;
  }
  /** Whether any rows were ever read. */
  get isReady(): boolean {
    return this.shown !== null;
  }

  row(index: number): TableRow | undefined {
    return this.shown?.row(index);
  }
  stamp(index: number): number {
    return this.shown?.stamp(index) ?? 0;
  }
  cell(index: number, key: string): Cell | GroupCell | undefined {
    return this.shown?.cell(index, key);
  }
  groups(): number[] {
    return this.shown?.groups() ?? [];
  }
  indexOf(runId: RunId): number | null {
    return this.shown?.indexOf(runId) ?? null;
  }

  /**
   * Shows the rows of another query once its first ones are there; when only other groups are folded, those that are
   * on the screen.
   * @param columns those that will be drawn, for the first time: later the look says it.
   */
  ask(query: TableQuery, columns: readonly Column[] = this.seen.columns): void {
    this.seen = { ...this.seen, columns };
    const current = this.next ?? this.shown;
    if (current !== null && sameQuery(current.query, query)) return;
    this.next = this.shown !== null && sameQuery(this.shown.query, query) ? null : new RowPages(query);
    this.fetch();
  }

  /** Tells what is on the screen. */
  look(seen: Look): void {
    this.seen = seen;
    this.fetch();
  }

  /** Something changed in the store: what is on the screen is read again. */
  refresh(): void {
    this.shown?.expire();
    this.owesOrder = false;
    this.fetch();
  }

  /** The pointer left the rows: they may move now. */
  settle(): void {
    if (this.owesOrder) this.refresh();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private get isFoldOnly(): boolean {
    const { shown, next } = this;
    return (
      shown !== null && next !== null && sameQuery({ ...shown.query, folded: next.query.folded }, next.query)
    );
  }

  private fetch(): void {
    for (const wish of this.wishes()) {
      if (this.isDisposed || this.inFlight.size >= MOST_IN_FLIGHT) return;
      void this.read(wish.pages, wish.page, wish.columns);
    }
  }

  /** What to ask for, the most urgent first. */
  private wishes(): { pages: RowPages; page: number; columns: readonly Column[] }[] {
    const { from, to, columns, direction } = this.seen;
    const wishes: { pages: RowPages; page: number; columns: readonly Column[] }[] = [];
    const want = (pages: RowPages, page: number) => {
      const missing = pages.missing(page, columns);
      if (missing !== null && !this.inFlight.has(flightKey(pages, page))) {
        wishes.push({ pages, page, columns: missing });
      }
    };
    if (this.next !== null) {
      want(this.next, this.isFoldOnly ? Math.floor(from / PAGE_ROWS) : 0);
      return wishes;
    }
    const { shown } = this;
    if (shown === null) return wishes;
    const first = Math.floor(from / PAGE_ROWS);
    const last = Math.floor(Math.max(from, to - 1) / PAGE_ROWS);
    const end = Math.max(0, Math.ceil(shown.rowCount / PAGE_ROWS) - 1);
    for (let page = first; page <= Math.min(last, end); page += 1) want(shown, page);
    const ahead = direction > 0 ? last + 1 : first - 1;
    if (ahead >= 0 && ahead <= end) want(shown, ahead);
    return wishes;
  }

  private async read(pages: RowPages, page: number, columns: readonly Column[]): Promise<void> {
    const key = flightKey(pages, page);
    this.inFlight.set(key, pages);
    this.host.busy(true);
    try {
      const request = { query: pages.query, columns, from: page * PAGE_ROWS, count: PAGE_ROWS };
      const answer = await this.host.readTable(request);
      this.inFlight.delete(key);
      if (this.isDisposed) return;
      this.say(null);
      const isNew = pages === this.next;
      const what = !isNew ? 'same' : this.isFoldOnly ? 'folded' : 'new';
      if (pages !== this.shown && !isNew) return;
      if (isNew) {
        this.shown = pages;
        this.next = null;
        this.owesOrder = false;
      }
      const mayReorder = isNew || this.host.mayReorder();
      if (pages.take(page, answer, columns, !mayReorder) && !mayReorder) this.owesOrder = true;
      pages.trim(page);
      this.host.changed(what);
    } catch (error) {
      this.inFlight.delete(key);
      if (this.isDisposed || (error instanceof UserError && error.code === 'page-closed')) return;
      this.fail(pages, error);
      return;
    } finally {
      if (this.inFlight.size === 0) this.host.busy(false);
    }
    this.fetch();
  }

  private fail(pages: RowPages, error: unknown): void {
    if (error instanceof UserError && error.code.startsWith('invalid')) {
      if (pages === this.next) {
        this.next = null;
        this.host.refused(pages.query, messageOf(error));
      } else this.say(messageOf(error));
      return;
    }
    this.say(messageOf(error));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), AGAIN_MS);
  }

  private say(problem: string | null): void {
    if (problem === null && !this.isTroubled) return;
    this.isTroubled = problem !== null;
    this.host.trouble(problem);
  }
}

const numbers = new WeakMap<RowPages, number>();
let count = 0;

function flightKey(pages: RowPages, page: number): string {
  let number = numbers.get(pages);
  if (number === undefined) numbers.set(pages, (number = ++count));
  return `${number}/${page}`;
}

export function sameQuery(a: TableQuery, b: TableQuery): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
