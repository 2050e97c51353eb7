/** The place of a point in the order of its metric: step, timestamp, value, and 1 for NaN (whose value is 0). */
export type PointKey = readonly [step: number, timestamp: number, value: number, isNaN: number];

/** A point that is drawn. */
export interface Mark {
  readonly step: number;
  readonly timestamp: number;
  readonly value: number;
}

/** Points that follow each other, told by what is drawn of them. */
export interface Block {
  readonly first: PointKey;
  readonly last: PointKey;
  readonly count: number;
  /** The smallest and the largest; of equals the first. Null: all are NaN. */
  readonly low: Mark | null;
  readonly high: Mark | null;
  /** The last NaN. */
  readonly nan: Omit<Mark, 'value'> | null;
}

export function blockOfPoint(point: PointKey): Block {
  const [step, timestamp, value, isNaN] = point;
  const mark = isNaN === 1 ? null : { step, timestamp, value };
  const nan = isNaN === 1 ? { step, timestamp } : null;
  return { first: point, last: point, count: 1, low: mark, high: mark, nan };
}

/** Points in their order in blocks of so many, the last one of what is left. */
export function blocksOfPoints(points: readonly PointKey[], size: number): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < points.length; from += size) {
    const block = blockOfPoints(points, from, Math.min(points.length, from + size));
    if (block !== null) blocks.push(block);
  }
  return blocks;
}

/** One pass without anything made on the way: a block is built for every few points that are logged. */
function blockOfPoints(points: readonly PointKey[], from: number, to: number): Block | null {
  const first = points[from];
  const last = points[to - 1];
  if (first === undefined || last === undefined) return null;
  let low: PointKey | null = null;
  let high: PointKey | null = null;
  let nan: PointKey | null = null;
  for (let i = from; i < to; i++) {
    const point = points[i] ?? first;
    if (point[3] === 1) nan = point;
    else {
      if (low === null || point[2] < low[2]) low = point;
      if (high === null || point[2] > high[2]) high = point;
    }
  }
  return {
    ...{ first, last, count: to - from },
    low: low === null ? null : markOf(low),
    high: high === null ? null : markOf(high),
    nan: nan === null ? null : { step: nan[0], timestamp: nan[1] },
  };
}

function markOf([step, timestamp, value]: PointKey): Mark {
  return { step, timestamp, value };
}

/** Both as one, in whatever order they come. */
export function joinedBlocks(a: Block, b: Block): Block {
  return {
    first: isBefore(b.first, a.first) ? b.first : a.first,
    last: isBefore(a.last, b.last) ? b.last : a.last,
    count: a.count + b.count,
    low: chosen(a.low, b.low, (left, right) => left < right),
    high: chosen(a.high, b.high, (left, right) => left > right),
    nan: a.nan === null || (b.nan !== null && isEarlier(a.nan, b.nan)) ? b.nan : a.nan,
  };
}

/** Blocks of so many parts each, the last one of what is left. */
export function grouped(parts: readonly Block[], size: number): Block[] {
  const groups: Block[] = [];
  for (let from = 0; from < parts.length; from += size) {
    const group = parts.slice(from, from + size);
    const [first, ...rest] = group;
    if (first !== undefined) groups.push(rest.reduce(joinedBlocks, first));
  }
  return groups;
}

export function isBefore(a: PointKey, b: PointKey): boolean {
  for (let i = 0; i < 4; i++) {
    const [left = 0, right = 0] = [a[i], b[i]];
    if (left !== right) return left < right;
  }
  return false;
}

function chosen(a: Mark | null, b: Mark | null, wins: (left: number, right: number) => boolean): Mark | null {
  if (a === null || b === null) return a ?? b;
  if (wins(a.value, b.value)) return a;
  if (wins(b.value, a.value)) return b;
  return isEarlier(b, a) ? b : a;
}

function isEarlier(a: Omit<Mark, 'value'>, b: Omit<Mark, 'value'>): boolean {
  return a.step < b.step || (a.step === b.step && a.timestamp < b.timestamp);
}
