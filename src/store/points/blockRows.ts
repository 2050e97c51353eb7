import type { Db } from '../database';
import type { Block, PointKey } from './block';

/** The place before or behind all points of a range: a step of 64 bits, and what is beyond every timestamp. */
export type Bound = readonly [number | bigint, number | bigint, number, number];

/** Blocks and points as they are stored. */
export interface BlockRows {
  /** In order, between two places and without them. */
  blocks(metricKey: number, level: number, after: Bound, before: Bound, limit: number): Block[];
  countBlocks(metricKey: number, level: number, after: Bound, before: Bound, limit: number): number;
  points(metricKey: number, after: Bound, before: Bound, limit: number): PointKey[];
  /** The last block of a level that begins at a place or before it; null when none does. */
  blockAt(metricKey: number, level: number, place: Bound): Block | null;
  firstBlock(metricKey: number, level: number): Block | null;
  /** -1 when there are no blocks. */
  topLevel(metricKey: number): number;
  put(metricKey: number, level: number, block: Block): void;
  drop(metricKey: number, level: number, first: PointKey): void;
}

const FIRST = -(2n ** 63n);
const LAST = 2n ** 63n - 1n;
export const BEFORE_ALL: Bound = [FIRST, FIRST, -Infinity, -1];
export const BEHIND_ALL: Bound = [LAST, LAST, Infinity, 2];

/** The place before all points of a step, which may be no whole number. */
export function beforeStep(step: number): Bound {
  return [wholeStep(Math.ceil(step)), FIRST, -Infinity, -1];
}

export function behindStep(step: number): Bound {
  return [wholeStep(Math.floor(step)), LAST, Infinity, 2];
}

function wholeStep(step: number): number | bigint {
  if (step >= 2 ** 63) return LAST;
  if (step <= -(2 ** 63)) return FIRST;
  return step;
}

type Row = [
  ...[number, number, number, number],
  ...[number, number, number, number],
  number,
  ...[number | null, number | null, number | null],
  ...[number | null, number | null, number | null],
  ...[number | null, number | null],
];

const KEY = '(step, timestamp, value, is_nan)';
const PLACE = '(?, ?, ?, ?)';
const COLUMNS = `step, timestamp, value, is_nan, end_step, end_timestamp, end_value, end_is_nan, count,
  low_step, low_timestamp, low_value, high_step, high_timestamp, high_value, nan_step, nan_timestamp`;

export function blockRows(db: Db): BlockRows {
  type Place = (number | bigint)[];
  const from = `FROM point_blocks WHERE metric_key = ? AND level = ?`;
  const between = `${KEY} > ${PLACE} AND ${KEY} < ${PLACE}`;
  const blocks = db
    .prepare<Place, Row>(`SELECT ${COLUMNS} ${from} AND ${between} ORDER BY ${KEY.slice(1, -1)} LIMIT ?`)
    .raw();
  const count = db
    .prepare<Place, number>(`SELECT count(*) FROM (SELECT 1 ${from} AND ${between} LIMIT ?)`)
    .pluck();
  const points = db
    .prepare<Place, [number, number, number, number]>(
      `SELECT step, timestamp, value, is_nan FROM points WHERE metric_key = ? AND ${between}
       ORDER BY step, timestamp, value, is_nan LIMIT ?`,
    )
    .raw();
  const at = db
    .prepare<Place, Row>(
      `SELECT ${COLUMNS} ${from} AND ${KEY} <= ${PLACE}
       ORDER BY step DESC, timestamp DESC, value DESC, is_nan DESC LIMIT 1`,
    )
    .raw();
  const first = db
    .prepare<Place, Row>(`SELECT ${COLUMNS} ${from} ORDER BY step, timestamp, value, is_nan LIMIT 1`)
    .raw();
  const top = db
    .prepare<[number], number | null>('SELECT max(level) FROM point_blocks WHERE metric_key = ?')
    .pluck();
  const put = db.prepare<(number | null)[]>(
    `INSERT OR REPLACE INTO point_blocks (metric_key, level, ${COLUMNS})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const drop = db.prepare<Place>(
    `DELETE FROM point_blocks WHERE metric_key = ? AND level = ? AND ${KEY} = ${PLACE}`,
  );

  return {
    blocks: (metricKey, level, after, before, limit) =>
      blocks.all(metricKey, level, ...after, ...before, limit).map(blockOf),
    countBlocks: (metricKey, level, after, before, limit) =>
      count.get(metricKey, level, ...after, ...before, limit) ?? 0,
    points: (metricKey, after, before, limit) => points.all(metricKey, ...after, ...before, limit),
    blockAt(metricKey, level, place) {
      const row = at.get(metricKey, level, ...place);
      return row === undefined ? null : blockOf(row);
    },
    firstBlock(metricKey, level) {
      const row = first.get(metricKey, level);
      return row === undefined ? null : blockOf(row);
    },
    topLevel: (metricKey) => top.get(metricKey) ?? -1,
    put(metricKey, level, { first: begin, last, count: size, low, high, nan }) {
      put.run(
        ...[metricKey, level, ...begin, ...last, size],
        ...[low?.step ?? null, low?.timestamp ?? null, low?.value ?? null],
        ...[high?.step ?? null, high?.timestamp ?? null, high?.value ?? null],
        ...[nan?.step ?? null, nan?.timestamp ?? null],
      );
    },
    drop: (metricKey, level, begin) => void drop.run(metricKey, level, ...begin),
  };
}

function blockOf(row: Row): Block {
  const [lowStep, lowTimestamp, low] = [row[9], row[10], row[11]];
  const [highStep, highTimestamp, high] = [row[12], row[13], row[14]];
  const [nanStep, nanTimestamp] = [row[15], row[16]];
  return {
    first: [row[0], row[1], row[2], row[3]],
    last: [row[4], row[5], row[6], row[7]],
    count: row[8],
    low:
      lowStep === null || lowTimestamp === null || low === null
        ? null
        : { step: lowStep, timestamp: lowTimestamp, value: low },
    high:
      highStep === null || highTimestamp === null || high === null
        ? null
        : { step: highStep, timestamp: highTimestamp, value: high },
    nan: nanStep === null || nanTimestamp === null ? null : { step: nanStep, timestamp: nanTimestamp },
  };
}
