import { type Block, type PointKey, blockOfPoint, isBefore, joinedBlocks } from './block';
import type { BlockRows, Bound } from './blockRows';

const MOST_POINTS = 1_000_000; // A slice of what has no blocks: a series that a newer store wrote, or one of huge steps.

/**
 * The level whose blocks give at least every second of `pixels` columns one of its own; -1 when only the points
 * themselves do.
 */
export function levelFor(
  rows: BlockRows,
  metricKey: number,
  after: Bound,
  before: Bound,
  pixels: number,
): number {
  const least = Math.ceil(pixels / 2);
  let level = rows.topLevel(metricKey);
  while (level >= 0 && rows.countBlocks(metricKey, level, after, before, least) < least) level--;
  return level;
}

/**
 * The points of a stretch as blocks in order: those of a level, and smaller ones and single points at both ends. Their
 * counts add up to the number of points.
 */
export function stretchOf(
  rows: BlockRows,
  metricKey: number,
  after: Bound,
  before: Bound,
  level: number,
): Block[] {
  const found: Block[] = [];
  collect(rows, metricKey, level, after, before, found);
  return found;
}

function collect(
  rows: BlockRows,
  metricKey: number,
  level: number,
  after: Bound,
  before: Bound,
  found: Block[],
): void {
  if (level < 0) {
    for (const point of rows.points(metricKey, after, before, MOST_POINTS)) found.push(blockOfPoint(point));
    return;
  }
  const blocks = rows.blocks(metricKey, level, after, before, MOST_POINTS);
  const end = blocks.at(-1);
  // The last one may reach beyond the stretch.
  if (end !== undefined && !isWithin(end.last, before)) blocks.pop();
  const [first] = blocks;
  const last = blocks.at(-1);
  if (first === undefined || last === undefined) {
    collect(rows, metricKey, level - 1, after, before, found);
    return;
  }
  collect(rows, metricKey, level - 1, after, first.first, found);
  for (const block of blocks) found.push(block);
  collect(rows, metricKey, level - 1, last.last, before, found);
}

function isWithin(place: Block['last'], before: Bound): boolean {
  const [step, timestamp, value, isNaN] = before;
  return isBefore(place, [Number(step), Number(timestamp), value, isNaN]);
}

/** Blocks joined to as many as there are columns, each of about as many points. */
export function thinned(blocks: readonly Block[], pixels: number): Block[] {
  const total = blocks.reduce((sum, { count }) => sum + count, 0);
  const size = Math.max(1, Math.ceil(total / pixels));
  if (size <= 2) return [...blocks];
  const columns: Block[] = [];
  let column: Block | null = null;
  for (const block of blocks) {
    column = column === null ? block : joinedBlocks(column, block);
    if (column.count < size) continue;
    columns.push(column);
    column = null;
  }
  if (column !== null) columns.push(column);
  return columns;
}

/**
 * The same of points that are all read: of as many columns, each of as many points, the smallest, the largest and the
 * last NaN. As places in the list.
 */
export function thinnedPoints(points: readonly PointKey[], pixels: number): number[] {
  const size = Math.max(1, Math.ceil(points.length / pixels));
  if (size <= 2) return Array.from(points.keys());
  const kept: number[] = [];
  for (let from = 0; from < points.length; from += size) {
    let low = -1;
    let high = -1;
    let gap = -1;
    let least = Infinity;
    let most = -Infinity;
    const end = Math.min(points.length, from + size);
    for (let i = from; i < end; i++) {
      const point = points[i];
      if (point === undefined) continue;
      const value = point[2];
      if (point[3] === 1) gap = i;
      else {
        if (low < 0 || value < least) [low, least] = [i, value];
        if (high < 0 || value > most) [high, most] = [i, value];
      }
    }
    const places = [...new Set([low, high, gap])].filter((place) => place >= 0);
    kept.push(...places.sort((a, b) => a - b));
  }
  return kept;
}
