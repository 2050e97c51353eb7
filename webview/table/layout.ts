import type { ShownColumn } from './columns';

/** A column with its place in the rows. */
export interface LaidColumn {
  readonly shown: ShownColumn;
  /** From the left end of the row; of a pinned one from the left end of what stays. */
  readonly left: number;
  readonly width: number;
  /** The room of its bars, and of the numbers behind them; 0 without bars. */
  readonly track: number;
  readonly number: number;
}

export interface Layout {
  readonly columns: readonly LaidColumn[];
  readonly pinnedCount: number;
  readonly nameWidth: number;
  /** The eye, the name and the pinned columns: what stays while the others scroll. */
  readonly frozenWidth: number;
  readonly width: number;
}

export const EYE_WIDTH = 28;
const GOAL_TRACK = 84;
const MOST_TRACK = 240;
const GAP = 6; // Between a bar and its number.
const SMALL_TRACK = 56;
const PADDING = 12;
const LEAST_WIDTH = 36;
const MOST_TEXT = 220; // A text may be cut, with the whole in its tooltip; a number may not.
const MOST_TITLE = 150;
const NAME_LEAST = 128;
const NAME_MOST = 260;
const GOAL_MOST = 340;
const MOST_FROZEN = 0.7; // Of the width there is, or nothing would be left to scroll.

/** What the widths of the contents are, in pixels. */
export interface ContentWidths {
  /** The heading's. */
  title(column: ShownColumn): number;
  /** The widest cell's that was seen. */
  content(column: ShownColumn): number;
  /** The same of groups' rows. */
  groupContent(column: ShownColumn): number;
  readonly name: number;
  /** The name's where there is room. */
  readonly wideName: number;
  /** What a person gave the name; null: as its content wants. */
  readonly ownName: number | null;
}

/** Where each column stands. What is left of the room goes to the goal's bars and to the names. */
export function layOut(shown: readonly ShownColumn[], widths: ContentWidths, room: number): Layout {
  const own = shown.map((column) => column.width ?? wantedWidth(column, widths));
  const wantedName = Math.max(NAME_LEAST, Math.min(NAME_MOST, widths.name + PADDING));
  let nameWidth = widths.ownName ?? wantedName;
  let left = room - EYE_WIDTH - nameWidth - own.reduce((sum, width) => sum + width, 0);
  const wider = Math.min(left, Math.min(NAME_MOST, widths.wideName + PADDING) - nameWidth);
  if (wider > 0 && widths.ownName === null) {
    nameWidth += wider;
    left -= wider;
  }
  const goal = shown.findIndex((column) => column.isGoal && column.width === null);
  if (left > 0 && goal >= 0) {
    const more = Math.min(left, GOAL_MOST - (own[goal] ?? 0));
    if (more > 0) own[goal] = (own[goal] ?? 0) + more;
    left -= Math.max(0, more);
  }
  if (left > 0 && widths.ownName === null) nameWidth += Math.min(left, NAME_MOST - nameWidth);
  const pinned = shown.filter((column) => column.pinned);
  const pinnedWidth = shown.reduce((sum, column, n) => sum + (column.pinned ? (own[n] ?? 0) : 0), 0);
  const most = Math.max(EYE_WIDTH + 60 + pinnedWidth, room * MOST_FROZEN);
  if (room > 0) nameWidth = Math.max(60, Math.min(nameWidth, most - EYE_WIDTH - pinnedWidth));
  let at = EYE_WIDTH + nameWidth;
  const columns = shown.map((column, n): LaidColumn => {
    const width = own[n] ?? LEAST_WIDTH;
    const placed = { shown: column, left: at, width, ...barsIn(column, width, widths) };
    at += width;
    return placed;
  });
  return {
    columns,
    pinnedCount: pinned.length,
    nameWidth,
    frozenWidth: EYE_WIDTH + nameWidth + pinnedWidth,
    width: at,
  };
}

/** As wide as what was seen of it. */
export function wantedWidth(column: ShownColumn, widths: ContentWidths): number {
  const title = Math.min(MOST_TITLE, widths.title(column));
  const content = Math.max(widths.content(column), widths.groupContent(column));
  const cell = column.isNumeric ? content : Math.min(MOST_TEXT, content);
  const track = hasBars(column) ? (column.isGoal ? GOAL_TRACK : SMALL_TRACK) + GAP : 0;
  return Math.ceil(Math.max(LEAST_WIDTH, Math.max(title, cell + track) + PADDING));
}

export function hasBars(column: ShownColumn): boolean {
  return column.look === 'bars' && column.isNumeric;
}

/** The bars take what the widest number leaves. */
function barsIn(
  column: ShownColumn,
  width: number,
  widths: ContentWidths,
): { track: number; number: number } {
  if (!hasBars(column)) return { track: 0, number: 0 };
  const widest = Math.max(widths.content(column), widths.groupContent(column));
  const track = Math.max(20, Math.min(MOST_TRACK, width - PADDING - GAP - widest));
  return { track, number: widths.content(column) };
}

/** The columns that a stretch of the width shows, beside the pinned ones. */
export function columnsInView(layout: Layout, left: number, room: number): { from: number; to: number } {
  const { columns, pinnedCount, frozenWidth } = layout;
  const start = left + frozenWidth;
  const end = left + room;
  let from = pinnedCount;
  while (from < columns.length && endOf(columns[from]) <= start) from += 1;
  let to = from;
  while (to < columns.length && (columns[to]?.left ?? 0) < end) to += 1;
  // One more to each side, so that a small step shows no white.
  return { from: Math.max(pinnedCount, from - 1), to: Math.min(columns.length, to + 1) };
}

/**
 * Something for each column of a stretch, in places that go round: a column keeps its place while others come and go
 * beside it, so that a step to the side draws one cell of a row and not all of them. Empty places hold `empty`.
 * @param places how many there are: at least as many as the stretch is long.
 */
export function inPlaces<T, E>(
  { columns, pinnedCount }: Layout,
  { from, to, places }: { readonly from: number; readonly to: number; readonly places: number },
  empty: E,
  make: (column: LaidColumn, n: number) => T,
): (T | E)[] {
  const found = new Array<T | E>(Math.max(places, to - from)).fill(empty);
  for (let n = from; n < to; n += 1) {
    const column = columns[n];
    if (column !== undefined) found[Math.max(0, n - pinnedCount) % found.length] = make(column, n);
  }
  return found;
}

/** The same for the pinned ones, which never move. */
export function pinnedOnes<T>(
  { columns, pinnedCount }: Layout,
  make: (column: LaidColumn, n: number) => T,
): T[] {
  return columns.slice(0, pinnedCount).map(make);
}

function endOf(column: LaidColumn | undefined): number {
  return column === undefined ? 0 : column.left + column.width;
}
