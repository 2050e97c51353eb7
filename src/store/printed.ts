import { type PrintedDrop, type PrintedMetric, plainName } from '../model/printed';
import type { Db } from './database';
import type { Journal } from './journal';
import type { MetricStore, Point } from './metrics';
import type { RunHead } from './runs';

/** Values of one metric that a script printed. */
export interface PrintedSeries {
  readonly name: string;
  readonly rule: string;
  readonly line: string;
  readonly offset: number;
  readonly points: readonly Point[];
}

export interface PrintedStore {
  /**
   * Writes printed values, and which line gave them. A metric that the script logs itself wins over a printed one of
   * the same name, also when it comes later: then the printed values go.
   */
  logPrinted(run: RunHead, series: readonly PrintedSeries[]): void;
  /** Removes printed values of metrics that the script came to log itself, and of names that only repeat a param. */
  sweepPrinted(run: RunHead): void;
  /** Removes a metric's printed values; what is printed under its name from then on is not kept. */
  dropPrinted(run: RunHead, name: string, why: PrintedDrop): void;
  /** Forgets all that the run printed, for its output to be read again. */
  clearPrinted(run: RunHead): void;
  /** Which lines gave a run's metrics, by name. */
  printedMetrics(runId: string): PrintedMetric[];
}

interface Row {
  name: string;
  rule: string;
  line: string;
  offset: number;
  count: number;
  dropped: PrintedDrop | null;
}

interface MetricRow {
  metric_key: number;
  name: string;
  count: number;
  min_value: number | null;
  max_value: number | null;
}

const BY_WORDS: ReadonlySet<string> = new Set(['pairs', 'words']); // The rules that cannot tell a setting by its form.

export function printedStore(db: Db, journal: Journal, metrics: MetricStore): PrintedStore {
  const rows = db.prepare<[number], Row>(
    'SELECT name, rule, line, offset, count, dropped FROM printed_metrics WHERE run_key = ? ORDER BY name',
  );
  const rowsOfRun = db.prepare<[string], Row>(
    `SELECT printed_metrics.name, rule, line, offset, count, dropped FROM printed_metrics JOIN runs USING (run_key)
     WHERE run_id = ? ORDER BY printed_metrics.name`,
  );
  const put = db.prepare(
    `INSERT INTO printed_metrics (run_key, name, rule, line, offset, count, dropped) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_key, name) DO UPDATE SET count = excluded.count, dropped = excluded.dropped`,
  );
  const forget = db.prepare<[number]>('DELETE FROM printed_metrics WHERE run_key = ?');
  const metricsOf = db.prepare<[number], MetricRow>(
    'SELECT metric_key, name, count, min_value, max_value FROM metrics WHERE run_key = ?',
  );
  const paramsOf = db.prepare<[number], { key: string; value: string }>(
    'SELECT key, value FROM params WHERE run_key = ?',
  );
  const deletePoints = db.prepare<[number]>('DELETE FROM points WHERE metric_key = ? AND printed = 1');
  const deleteMetric = db.prepare<[number]>('DELETE FROM metrics WHERE metric_key = ?');
  const left = db.prepare<[number], { step: bigint; timestamp: bigint; value: number; is_nan: bigint }>(
    'SELECT step, timestamp, value, is_nan FROM points WHERE metric_key = ?',
  );
  const dropName = db.prepare<[number, string, number, string]>(
    `DELETE FROM experiment_metrics WHERE experiment_id = ? AND name = ? AND NOT EXISTS (
       SELECT 1 FROM metrics JOIN runs USING (run_key) WHERE runs.experiment_id = ? AND metrics.name = ?)`,
  );

  /** The metrics that the script logs itself, by their plain names. */
  function loggedNames(run: RunHead, printed: ReadonlyMap<string, Row>): Set<string> {
    const names = new Set<string>();
    for (const { name, count } of metricsOf.all(run.runKey)) {
      const row = printed.get(name);
      if (!name.startsWith('system/') && (row === undefined || row.dropped !== null || row.count !== count)) {
        names.add(plainName(name));
      }
    }
    return names;
  }

  /** Takes a metric's printed points away; what the script logged under the name stays, with its summary made anew. */
  function removePoints(run: RunHead, name: string): void {
    const metric = metricsOf.all(run.runKey).find((each) => each.name === name);
    if (metric === undefined || deletePoints.run(metric.metric_key).changes === 0) return;
    const kept = left.safeIntegers(true).all(metric.metric_key);
    deletePoints.run(metric.metric_key);
    db.prepare<[number]>('DELETE FROM points WHERE metric_key = ?').run(metric.metric_key);
    deleteMetric.run(metric.metric_key);
    journal.next();
    journal.removed();
    journal.metric(run.runId, run.experimentId, name);
    if (kept.length === 0) return void dropName.run(run.experimentId, name, run.experimentId, name);
    metrics.logMetrics(
      run,
      kept.map(({ step, timestamp, value, is_nan: isNaN }) => ({
        name,
        value: isNaN === 1n ? Number.NaN : value,
        step: exact(step),
        timestamp: exact(timestamp),
      })),
    );
  }

  function drop(run: RunHead, row: Row, why: PrintedDrop): void {
    removePoints(run, row.name);
    put.run(run.runKey, row.name, row.rule, row.line, row.offset, 0, why);
  }

  function sweepPrinted(run: RunHead): void {
    const printed = new Map(rows.all(run.runKey).map((row) => [row.name, row]));
    if (printed.size === 0) return;
    const logged = loggedNames(run, printed);
    const params = settings(run);
    const summaries = new Map(metricsOf.all(run.runKey).map((metric) => [metric.name, metric]));
    for (const row of printed.values()) {
      if (row.dropped !== null) continue;
      const param = BY_WORDS.has(row.rule) ? params.get(plainName(row.name)) : undefined;
      const summary = summaries.get(row.name);
      if (logged.has(plainName(row.name))) drop(run, row, 'logged');
      else if (param !== undefined && summary?.min_value === param && summary.max_value === param) {
        drop(run, row, 'param');
      }
    }
  }

  function settings(run: RunHead): Map<string, number> {
    const params = new Map<string, number>();
    for (const { key, value } of paramsOf.all(run.runKey)) {
      if (value.trim() !== '' && !Number.isNaN(Number(value))) params.set(plainName(key), Number(value));
    }
    return params;
  }

  return {
    logPrinted(run, series) {
      sweepPrinted(run);
      const printed = new Map(rows.all(run.runKey).map((row) => [row.name, row]));
      const logged = loggedNames(run, printed);
      for (const { name, rule, line, offset, points } of series) {
        const row = printed.get(name) ?? { name, rule, line, offset, count: 0, dropped: null };
        if (row.dropped !== null) continue;
        if (logged.has(plainName(name))) {
          put.run(run.runKey, name, row.rule, row.line, row.offset, 0, 'logged');
          continue;
        }
        const count = metrics.logMetrics(
          run,
          points.map((point) => ({ ...point, name })),
          { printed: true },
        );
        const all = row.count + count;
        put.run(run.runKey, name, row.rule, row.line, row.offset, all, null);
        printed.set(name, { ...row, count: all }); // It may come again: several events are taken in at once.
      }
    },

    sweepPrinted,

    dropPrinted(run, name, why) {
      const row = rows.all(run.runKey).find((each) => each.name === name);
      if (row !== undefined && row.dropped === null) drop(run, row, why);
    },

    clearPrinted(run) {
      for (const { name } of rows.all(run.runKey)) removePoints(run, name);
      forget.run(run.runKey);
    },

    printedMetrics: (runId) => rowsOfRun.all(runId),
  };
}

function exact(whole: bigint): number | bigint {
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}
