import type { Db } from '../database';
import {
  type Block,
  type PointKey,
  blockOfPoint,
  blocksOfPoints,
  grouped,
  isBefore,
  joinedBlocks,
} from './block';
import { BEFORE_ALL, BEHIND_ALL, type BlockRows, blockRows } from './blockRows';

/** Shorter series have no blocks: they are read as they are in no time. */
export const LEAST_POINTS = 4_096;
/** How often a metric that is being logged gets new blocks, in points. */
export const POINTS_A_TURN = 1_024;

const POINTS_A_BLOCK = 16;
const BLOCKS_A_BLOCK = 4;
/** The newest points stay without blocks: their neighbours often come late, from another thread. */
const SPARED_POINTS = 64;
/** One that grew larger by so much is divided. */
const MOST_GROWTH = 4;

/** Keeps the thinned points of long series: see migration 0012. */
export interface Pyramid {
  /**
   * Makes blocks of points that have none yet.
   * @param most how many points are looked at.
   * @returns whether there may be more.
   */
  extend(metricKey: number, most: number): boolean;
  /** A point was written that is not the last one of its metric. */
  addLate(metricKey: number, point: PointKey): void;
}

export function pyramid(db: Db, rows: BlockRows = blockRows(db)): Pyramid {
  /** Makes blocks of a level out of those below that belong to none yet. */
  function raise(metricKey: number, level: number): void {
    const last = rows.blockAt(metricKey, level, BEHIND_ALL);
    const parts = rows.blocks(metricKey, level - 1, last?.last ?? BEFORE_ALL, BEHIND_ALL, 4 * POINTS_A_TURN);
    const whole = parts.length - (parts.length % BLOCKS_A_BLOCK);
    if (whole === 0) return;
    for (const block of grouped(parts.slice(0, whole), BLOCKS_A_BLOCK)) rows.put(metricKey, level, block);
    raise(metricKey, level + 1);
  }

  /** Divides a block that grew by points that came late. */
  function divide(metricKey: number, level: number, block: Block): void {
    const before = rows.blockAt(metricKey, level, block.first);
    const [after, end] = [justBefore(block.first), justBehind(block.last)];
    const parts =
      level === 0
        ? blocksOfPoints(rows.points(metricKey, after, end, Number.MAX_SAFE_INTEGER), POINTS_A_BLOCK)
        : grouped(rows.blocks(metricKey, level - 1, after, end, Number.MAX_SAFE_INTEGER), BLOCKS_A_BLOCK);
    if (before !== null) rows.drop(metricKey, level, before.first);
    for (const part of parts) rows.put(metricKey, level, part);
  }

  return {
    extend(metricKey, most) {
      const last = rows.blockAt(metricKey, 0, BEHIND_ALL);
      const points = rows.points(metricKey, last?.last ?? BEFORE_ALL, BEHIND_ALL, most);
      const hasMore = points.length === most;
      const usable = points.length - (hasMore ? 0 : SPARED_POINTS);
      const whole = usable - (usable % POINTS_A_BLOCK);
      if (whole <= 0) return false;
      for (const block of blocksOfPoints(points.slice(0, whole), POINTS_A_BLOCK))
        rows.put(metricKey, 0, block);
      raise(metricKey, 1);
      return hasMore;
    },

    addLate(metricKey, point) {
      const newest = rows.blockAt(metricKey, 0, BEHIND_ALL);
      if (newest === null || isBefore(newest.last, point)) return; // It has no block yet.
      let below: PointKey | null = null;
      let nominal = POINTS_A_BLOCK;
      for (let level = 0; ; level++) {
        const old = rows.blockAt(metricKey, level, point) ?? rows.firstBlock(metricKey, level);
        // Blocks that belong to none above are the last ones of their level.
        if (old === null || (below !== null && isBefore(old.last, below))) return;
        const grown = joinedBlocks(old, blockOfPoint(point));
        if (isBefore(grown.first, old.first)) rows.drop(metricKey, level, old.first);
        rows.put(metricKey, level, grown);
        if (grown.count > MOST_GROWTH * nominal) divide(metricKey, level, grown);
        below = grown.first;
        nominal *= BLOCKS_A_BLOCK;
      }
    },
  };
}

/** The places next to a point, where no other can be. */
function justBefore([step, timestamp, value, isNaN]: PointKey): PointKey {
  return [step, timestamp, value, isNaN - 0.5];
}

function justBehind([step, timestamp, value, isNaN]: PointKey): PointKey {
  return [step, timestamp, value, isNaN + 0.5];
}
