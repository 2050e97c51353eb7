import type { Db } from './database';
import { narrowed } from './wholeNumbers';

/**
 * A point as it was logged, and its place in the order: [step, timestamp, value, 1 for NaN]. Whole numbers beyond
 * 2^53 come as bigints; the value of NaN is 0. A tuple since a page has 25,000 of them.
 */
export type PointRow = readonly [
  step: number | bigint,
  timestamp: number | bigint,
  value: number,
  isNaN: number | bigint,
];

/** Where a page of points begins: behind a point, or after so many. */
export type HistoryStart = { readonly after: PointRow } | { readonly offset: number };

export interface StepRange {
  readonly fromStep: number | bigint;
  readonly toStep: number | bigint;
}

export interface HistoryStore {
  /** At most `limit` points of a metric, by timestamp, step and value as MLflow orders them. */
  history(runId: string, metric: string, limit: number, start: HistoryStart): PointRow[];
  /**
   * The steps that a metric was logged at, each once, going up. Of a metric with very many points only steps near
   * evenly spread places are given, the first and the last among them: enough to choose from for a picture.
   */
  loggedSteps(runId: string, metric: string, range: StepRange): (number | bigint)[];
  /** Points at steps of a list, by step, timestamp and value: `limit` of them at most. */
  pointsAtSteps(
    runId: string,
    metric: string,
    steps: readonly (number | bigint)[],
    limit: number,
  ): PointRow[];
}

type Args = (number | bigint)[];

const MOST_LISTED = 50_000n; // Reading so many takes some 10 ms, and there may be 100 runs.
const PLACES = 10_000;
const PLACES_N = BigInt(PLACES);

export function historyStore(db: Db): HistoryStore {
  const find = db.prepare<[string, string], { metric_key: number; wide: number; in_order: number }>(
    `SELECT metric_key, wide, in_order FROM metrics JOIN runs USING (run_key)
     WHERE run_id = ? AND metrics.name = ?`,
  );
  const select = 'SELECT step, timestamp, value, is_nan FROM points WHERE metric_key = ?';
  // The order of the table itself: a page is one stretch of the file.
  const STORED = 'step, timestamp, value, is_nan';
  // Of points that go back in time every one behind the start is looked at, and only a page of them is kept.
  const SORTED = 'timestamp, step, value, is_nan';
  const both = <T>(make: (order: string) => T) => ({ stored: make(STORED), sorted: make(SORTED) });
  const statement = (sql: string) => ({
    plain: db.prepare<Args, PointRow>(sql).raw(),
    wide: db.prepare<Args, PointRow>(sql).raw().safeIntegers(true),
  });
  const following = both((order) =>
    statement(`${select} AND (${order}) > (?, ?, ?, ?) ORDER BY ${order} LIMIT ?`),
  );
  const skipping = both((order) => statement(`${select} ORDER BY ${order} LIMIT ? OFFSET ?`));
  const ends = db
    .prepare<[number], { count: bigint; first_step: bigint; last_step: bigint }>(
      'SELECT count, first_step, last_step FROM metrics WHERE metric_key = ?',
    )
    .safeIntegers(true);
  const steps = db
    .prepare<Args, bigint>(
      'SELECT DISTINCT step FROM points WHERE metric_key = ? AND step BETWEEN ? AND ? ORDER BY step',
    )
    .pluck()
    .safeIntegers(true);
  const nextStep = db
    .prepare<Args, bigint>(
      'SELECT step FROM points WHERE metric_key = ? AND step BETWEEN ? AND ? ORDER BY step LIMIT 1',
    )
    .pluck()
    .safeIntegers(true);
  const atStep = statement(`${select} AND step = ? ORDER BY ${STORED} LIMIT ?`);

  const exact = (row: PointRow): PointRow => [narrowed(row[0]), narrowed(row[1]), row[2], row[3]];

  return {
    history(runId, metric, limit, start) {
      const found = find.get(runId, metric);
      if (found === undefined) return [];
      const order = found.in_order === 1 ? 'stored' : 'sorted';
      const which = found.wide === 1 ? 'wide' : 'plain';
      let rows: PointRow[];
      if ('after' in start) {
        const [step, timestamp, value, isNaN] = start.after;
        const place = order === 'stored' ? [step, timestamp, value, isNaN] : [timestamp, step, value, isNaN];
        rows = following[order][which].all(found.metric_key, ...place, limit);
      } else {
        rows = skipping[order][which].all(found.metric_key, limit, start.offset);
      }
      return which === 'wide' ? rows.map(exact) : rows;
    },

    loggedSteps(runId, metric, { fromStep, toStep }) {
      const found = find.get(runId, metric);
      const known = found === undefined ? undefined : ends.get(found.metric_key);
      if (found === undefined || known === undefined) return [];
      if (known.count <= MOST_LISTED) return steps.all(found.metric_key, fromStep, toStep).map(narrowed);
      const from = greater(BigInt(fromStep), known.first_step);
      const to = -greater(-BigInt(toStep), -known.last_step);
      if (from > to) return [];
      const places = Array.from(
        { length: PLACES + 1 },
        (_, i) => from + ((to - from) * BigInt(i)) / PLACES_N,
      );
      const near = places.map((place) => nextStep.get(found.metric_key, place, to));
      return [...new Set(near.filter((step) => step !== undefined).map(narrowed))];
    },

    pointsAtSteps(runId, metric, wanted, limit) {
      const found = find.get(runId, metric);
      if (found === undefined) return [];
      const statement = found.wide === 1 ? atStep.wide : atStep.plain;
      const rows: PointRow[] = [];
      for (const step of wanted) {
        if (rows.length >= limit) break;
        rows.push(...statement.all(found.metric_key, step, limit - rows.length).map(exact));
      }
      return rows;
    },
  };
}

const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);
