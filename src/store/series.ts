import type { Series } from '../model/series';
import type { RunId } from '../model/run';
import type { Db } from './database';

export interface SeriesQuery {
  readonly runId: string;
  readonly metric: string;
  /** About this many columns, each with its smallest and largest value. */
  readonly pixels: number;
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

export interface SeriesStore {
  /** For drawing. A run without the metric gives an empty series. */
  readSeries(query: SeriesQuery): Series;
}

type RawPoint = [step: number, timestamp: number, value: number, isNaN: number];

const FIRST_STEP = -(2n ** 63n);
const LAST_STEP = 2n ** 63n - 1n;

export function seriesStore(db: Db): SeriesStore {
  const find = db.prepare<[string, string], { metric_key: number }>(
    'SELECT metric_key FROM metrics JOIN runs USING (run_key) WHERE run_id = ? AND metrics.name = ?',
  );
  const count = db
    .prepare<[number, number | bigint, number | bigint], number>(
      'SELECT count(*) FROM points WHERE metric_key = ? AND step BETWEEN ? AND ?',
    )
    .pluck();
  const points = db
    .prepare<[number, number | bigint, number | bigint], RawPoint>(
      'SELECT step, timestamp, value, is_nan FROM points WHERE metric_key = ? AND step BETWEEN ? AND ?',
    )
    .raw();
  return {
    readSeries({ runId, metric, pixels, fromStep, toStep }) {
      const found = find.get(runId, metric);
      const columns = { steps: [] as number[], values: [] as number[], timestamps: [] as number[] };
      const empty = { runId: runId as RunId, metric, count: 0, ...columns };
      if (found === undefined) return empty;
      const from = fromStep === undefined ? FIRST_STEP : Math.floor(fromStep);
      const to = toStep === undefined ? LAST_STEP : Math.ceil(toStep);
      const total = count.get(found.metric_key, from, to) ?? 0;
      // One pass over the raw points, a bucket a column: 1,000,000 points take about half a second. A stored
      // pyramid of buckets is the next step when runs get longer than that.
      const perBucket = Math.max(1, Math.ceil(total / pixels));
      const add = (point: RawPoint): void => {
        columns.steps.push(point[0]);
        columns.timestamps.push(point[1]);
        columns.values.push(point[3] === 1 ? Number.NaN : point[2]);
      };
      const rows = points.iterate(found.metric_key, from, to);
      if (perBucket <= 2) {
        for (const point of rows) add(point);
      } else {
        for (const point of thinned(rows, perBucket)) add(point);
      }
      return { ...empty, count: total, ...columns };
    },
  };
}

/** Of each `size` points in a row: the smallest and the largest, in their order, and a NaN if there is one. */
function* thinned(points: Iterable<RawPoint>, size: number): Iterable<RawPoint> {
  let seen = 0;
  let low: RawPoint | null = null;
  let high: RawPoint | null = null;
  let gap: RawPoint | null = null;
  function* flush(): Iterable<RawPoint> {
    const kept = [...new Set([low, high, gap])].filter((point) => point !== null);
    yield* kept.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    seen = 0;
    low = high = gap = null;
  }
  for (const point of points) {
    if (point[3] === 1) gap = point;
    else {
      if (low === null || point[2] < low[2]) low = point;
      if (high === null || point[2] > high[2]) high = point;
    }
    if (++seen === size) yield* flush();
  }
  yield* flush();
}
