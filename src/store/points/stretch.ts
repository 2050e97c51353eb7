import { type Block, blockOfPoint, isBefore, joinedBlocks } from './block';
import type { BlockRows, Bound } from './blockRows';

const MOST_POINTS = 1_000_000; // A slice of what has no blocks: a series that a newer store wrote, or one of huge steps.

/**
 * The points of a stretch as blocks in order: as large ones as still give each of `pixels` columns one, and smaller
 * ones and single points at both ends. Their counts add up to the number of points.
 */
export function stretchOf(
  rows: BlockRows,
  metricKey: number,
  after: Bound,
  before: Bound,
  pixels: number,
): Block[] {
  let level = rows.topLevel(metricKey);
  while (level >= 0 && rows.countBlocks(metricKey, level, after, before, pixels) < pixels) level--;
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
