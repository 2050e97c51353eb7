import type { Db } from './database';
import type { Journal } from './journal';
import { LEAST_POINTS, POINTS_A_TURN, pyramid } from './points/pyramid';
import type { RunHead } from './runs';

/** One point of a metric. Steps and timestamps have 64 bits: a bigint where a number would not be exact. */
export interface Point {
  readonly name: string;
  /** May be NaN or infinite. */
  readonly value: number;
  readonly step: number | bigint;
  /** Epoch milliseconds. */
  readonly timestamp: number | bigint;
}

export interface MetricStore {
  /**
   * Writes points and their summaries. A point that is there already (same step, timestamp and value) is
   * dropped. `printed` marks those that were read from the script's output. Answers how many were added.
   */
  logMetrics(run: RunHead, points: readonly Point[], as?: { readonly printed: boolean }): number;
}

/** A summary while points are added. Steps are bigints when read back: comparisons mix both exactly. */
interface Summary {
  last_value: number | null;
  last_step: number | bigint;
  last_timestamp: number | bigint;
  first_value: number | null;
  first_step: number | bigint;
  first_timestamp: number | bigint;
  min_value: number | null;
  min_step: number | bigint;
  max_value: number | null;
  max_step: number | bigint;
  count: number | bigint;
  wide: number | bigint;
  /** 1 while time never goes back as steps go up: the history is then read as it is stored. */
  in_order: number | bigint;
}

type SummaryRow = Summary & { metric_key: bigint };

export function metricStore(db: Db, journal: Journal): MetricStore {
  const find = db
    .prepare<[number, string], SummaryRow>(
      `SELECT metric_key, last_value, last_step, last_timestamp, first_value, first_step, first_timestamp,
         min_value, min_step, max_value, max_step, count, wide, in_order
       FROM metrics WHERE run_key = ? AND name = ?`,
    )
    .safeIntegers(true);
  // Columns in the order of `valuesOf`, positional: named parameters cost a third of a single write.
  const insert = db.prepare(
    `INSERT INTO metrics (last_value, last_step, last_timestamp, first_value, first_step, first_timestamp,
       count, wide, in_order, min_value, min_step, max_value, max_step, seq, run_key, name)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const common = `last_value = ?, last_step = ?, last_timestamp = ?, first_value = ?, first_step = ?,
       first_timestamp = ?, count = ?, wide = ?, in_order = ?`;
  const update = db.prepare(
    `UPDATE metrics SET ${common}, min_value = ?, min_step = ?, max_value = ?, max_step = ?, seq = ? WHERE metric_key = ?`,
  );
  // Most points are no extreme: the indexes of the extremes are then left alone.
  const updateWithoutExtremes = db.prepare(`UPDATE metrics SET ${common}, seq = ? WHERE metric_key = ?`);
  const nameInExperiment = db.prepare<[number, string]>(
    'INSERT OR IGNORE INTO experiment_metrics (experiment_id, name) VALUES (?, ?)',
  );
  const put = db.prepare<[number | bigint, number | bigint, number | bigint, number, number]>(
    'INSERT OR IGNORE INTO points (metric_key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?)',
  );

  const putPrinted = db.prepare<[number | bigint, number | bigint, number | bigint, number, number]>(
    'INSERT OR IGNORE INTO points (metric_key, step, timestamp, value, is_nan, printed) VALUES (?, ?, ?, ?, ?, 1)',
  );

  const neighbour = (sign: '<' | '>', direction: 'DESC' | 'ASC') =>
    db
      .prepare<[number | bigint, number | bigint, number | bigint], bigint>(
        `SELECT timestamp FROM points WHERE metric_key = ? AND (step, timestamp) ${sign} (?, ?)
         ORDER BY step ${direction}, timestamp ${direction} LIMIT 1`,
      )
      .pluck()
      .safeIntegers(true);
  const blocks = pyramid(db);
  const before = neighbour('<', 'DESC');
  const after = neighbour('>', 'ASC');

  /** Whether a point that was just written leaves the others of its metric, which are in order, in order. */
  function fits(key: number | bigint, { step, timestamp }: Point, summary: Summary): boolean {
    if (step >= summary.last_step && timestamp >= summary.last_timestamp) return true;
    if (step > summary.last_step) return false;
    // It came late, as points do that several threads send.
    const earlier = before.get(key, step, timestamp);
    const later = after.get(key, step, timestamp);
    return (earlier === undefined || earlier <= timestamp) && (later === undefined || timestamp <= later);
  }

  function logOne(run: RunHead, name: string, points: readonly Point[], write = put): number {
    const known = find.get(run.runKey, name);
    let key: number | bigint;
    let summary: Summary;
    let added = 0;
    if (known === undefined) {
      const [first] = points;
      if (first === undefined) return 0;
      summary = summaryOf(first);
      key = insert.run(
        ...valuesOf(summary),
        ...extremesOf(summary),
        journal.next(),
        run.runKey,
        name,
      ).lastInsertRowid;
      nameInExperiment.run(run.experimentId, name);
      journal.metric(run.runId, run.experimentId, name);
    } else {
      key = known.metric_key;
      summary = known;
    }
    const { min_value, min_step, max_value, max_step } = summary;
    const countBefore = Number(summary.count);
    for (const [i, point] of points.entries()) {
      const isNaN = Number.isNaN(point.value);
      if (write.run(key, point.step, point.timestamp, isNaN ? 0 : point.value, isNaN ? 1 : 0).changes === 0)
        continue;
      if (known === undefined && i === 0) continue; // Its summary was made of it.
      if (Number(summary.in_order) === 1 && !fits(key, point, summary)) summary.in_order = 0;
      if (countBefore + added >= LEAST_POINTS && isBehindLast(point, summary)) {
        blocks.addLate(Number(key), [
          Number(point.step),
          Number(point.timestamp),
          isNaN ? 0 : point.value,
          isNaN ? 1 : 0,
        ]);
      }
      addPoint(summary, point);
      summary.count = Number(summary.count) + 1;
      added++;
    }
    if (added === 0) return known === undefined ? 1 : 0;
    const isExtreme =
      summary.min_value !== min_value ||
      summary.max_value !== max_value ||
      summary.min_step !== min_step ||
      summary.max_step !== max_step;
    if (isExtreme) update.run(...valuesOf(summary), ...extremesOf(summary), journal.next(), key);
    else updateWithoutExtremes.run(...valuesOf(summary), journal.next(), key);
    journal.metric(run.runId, run.experimentId, name);
    const after = Number(summary.count);
    // What is more than that at once (of a store from before) is thinned when somebody looks at it.
    const turns = Math.floor(after / POINTS_A_TURN) - Math.floor(countBefore / POINTS_A_TURN);
    if (after >= LEAST_POINTS && turns > 0 && Number(summary.wide) === 0) {
      blocks.extend(Number(key), LEAST_POINTS + turns * POINTS_A_TURN);
    }
    return known === undefined ? added + 1 : added;
  }

  return {
    logMetrics(run, points, as) {
      const [first] = points;
      if (first === undefined) return 0;
      const write = as?.printed === true ? putPrinted : put;
      if (points.length === 1) return logOne(run, first.name, points, write);
      const byName = new Map<string, Point[]>();
      for (const point of points) {
        const known = byName.get(point.name);
        if (known === undefined) byName.set(point.name, [point]);
        else known.push(point);
      }
      let added = 0;
      for (const [name, own] of byName) added += logOne(run, name, own, write);
      return added;
    },
  };
}

/** Whether a new point may stand before others of its metric. */
function isBehindLast({ step, timestamp }: Point, { last_step, last_timestamp }: Summary): boolean {
  return step < last_step || (step === Number(last_step) && timestamp <= last_timestamp);
}

function valuesOf(summary: Summary): (number | bigint | null)[] {
  return [
    summary.last_value,
    summary.last_step,
    summary.last_timestamp,
    summary.first_value,
    summary.first_step,
    summary.first_timestamp,
    summary.count,
    summary.wide,
    summary.in_order,
  ];
}

function extremesOf(summary: Summary): (number | bigint | null)[] {
  return [summary.min_value, summary.min_step, summary.max_value, summary.max_step];
}

function summaryOf({ step, timestamp, value: logged }: Point): Summary {
  const value = Number.isNaN(logged) ? null : logged;
  return {
    last_value: value,
    last_step: step,
    last_timestamp: timestamp,
    first_value: value,
    first_step: step,
    first_timestamp: timestamp,
    min_value: value,
    min_step: step,
    max_value: value,
    max_step: step,
    count: 1,
    wide: typeof step === 'bigint' || typeof timestamp === 'bigint' ? 1 : 0,
    in_order: 1,
  };
}

/**
 * MLflow's rule: the last point is the greatest by (step, timestamp, value); the first is the smallest. NaN
 * counts as smaller than every number. Of equal extremes the one with the smallest step is kept.
 */
function addPoint(summary: Summary, point: Point): void {
  const { step, timestamp } = point;
  const value = Number.isNaN(point.value) ? null : point.value;
  if (typeof step === 'bigint' || typeof timestamp === 'bigint') summary.wide = 1;
  if (isAfter(step, timestamp, value, summary.last_step, summary.last_timestamp, summary.last_value)) {
    summary.last_value = value;
    summary.last_step = step;
    summary.last_timestamp = timestamp;
  }
  if (isAfter(summary.first_step, summary.first_timestamp, summary.first_value, step, timestamp, value)) {
    summary.first_value = value;
    summary.first_step = step;
    summary.first_timestamp = timestamp;
  }
  if (value === null) return;
  const { min_value: min, max_value: max } = summary;
  if (min === null || value < min || (value === min && step < summary.min_step)) {
    summary.min_value = value;
    summary.min_step = step;
  }
  if (max === null || value > max || (value === max && step < summary.max_step)) {
    summary.max_value = value;
    summary.max_step = step;
  }
}

type Whole = number | bigint;

function isAfter(
  step: Whole,
  timestamp: Whole,
  value: number | null,
  otherStep: Whole,
  otherTimestamp: Whole,
  otherValue: number | null,
): boolean {
  if (step > otherStep) return true;
  if (step < otherStep) return false;
  if (timestamp > otherTimestamp) return true;
  if (timestamp < otherTimestamp) return false;
  return (value ?? -Infinity) > (otherValue ?? -Infinity);
}
