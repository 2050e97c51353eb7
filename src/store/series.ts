import type { Series } from '../model/series';
import type { RunId } from '../model/run';
import type { Db } from './database';
import type { Block, Mark } from './points/block';
import { BEFORE_ALL, BEHIND_ALL, type Bound, beforeStep, behindStep, blockRows } from './points/blockRows';
import { LEAST_POINTS, pyramid } from './points/pyramid';
import { levelFor, stretchOf, thinned, thinnedPoints } from './points/stretch';

export interface SeriesQuery {
  readonly runId: string;
  readonly metric: string;
  /** About this many columns, each with its smallest and largest value. */
  readonly pixels: number;
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

export interface SeriesStore {
  /**
   * For drawing: of each column of points that follow each other the smallest, the largest, and a NaN when there is
   * one. A run without the metric gives an empty series.
   */
  readSeries(query: SeriesQuery): Series;
  /** Whether the metric has so many points without blocks that reading it takes long: then it is to be thinned first. */
  needsThinning(runId: string, metric: string): boolean;
  /** Thins some of the points of a metric: a few milliseconds' work, inside of a write. @returns whether there are more. */
  thinPoints(runId: string, metric: string): boolean;
}

interface MetricRow {
  readonly metric_key: number;
  readonly count: number;
  readonly wide: number;
}

const MOST_UNTHINNED = 60_000; // Reading so many takes some 20 ms.
const POINTS_A_SLICE = 10_000;

export function seriesStore(db: Db): SeriesStore {
  const find = db.prepare<[string, string], MetricRow>(
    `SELECT metric_key, count, metrics.wide FROM metrics JOIN runs USING (run_key)
     WHERE run_id = ? AND metrics.name = ?`,
  );
  const rows = blockRows(db);
  const blocks = pyramid(db, rows);

  return {
    readSeries({ runId, metric, pixels, fromStep, toStep }) {
      const columns = { steps: [] as number[], values: [] as number[], timestamps: [] as number[] };
      const found = find.get(runId, metric);
      if (found === undefined) return { runId: runId as RunId, metric, count: 0, ...columns };
      const after: Bound = fromStep === undefined ? BEFORE_ALL : beforeStep(fromStep);
      const before: Bound = toStep === undefined ? BEHIND_ALL : behindStep(toStep);
      const level = levelFor(rows, found.metric_key, after, before, pixels);
      const add = ({ step, timestamp, value }: Mark): void => {
        columns.steps.push(step);
        columns.timestamps.push(timestamp);
        columns.values.push(value);
      };
      let count = 0;
      if (level < 0) {
        const points = rows.points(found.metric_key, after, before, Number.MAX_SAFE_INTEGER);
        count = points.length;
        for (const place of thinnedPoints(points, pixels)) {
          const [step, timestamp, value, isNaN] = points[place] ?? [0, 0, 0, 1];
          add({ step, timestamp, value: isNaN === 1 ? Number.NaN : value });
        }
      } else {
        const stretch = stretchOf(rows, found.metric_key, after, before, level);
        for (const block of stretch) count += block.count;
        for (const block of thinned(stretch, pixels)) for (const mark of marksOf(block)) add(mark);
      }
      return { runId: runId as RunId, metric, count, ...columns };
    },

    needsThinning(runId, metric) {
      const found = find.get(runId, metric);
      if (found === undefined || found.wide === 1 || found.count <= MOST_UNTHINNED) return false;
      const last = rows.blockAt(found.metric_key, 0, BEHIND_ALL);
      const rest = rows.points(found.metric_key, last?.last ?? BEFORE_ALL, BEHIND_ALL, MOST_UNTHINNED);
      return rest.length === MOST_UNTHINNED;
    },

    thinPoints(runId, metric) {
      const found = find.get(runId, metric);
      if (found === undefined || found.wide === 1 || found.count < LEAST_POINTS) return false;
      return blocks.extend(found.metric_key, POINTS_A_SLICE);
    },
  };
}

/** What is drawn of a block, in its order. */
function marksOf({ low, high, nan }: Block): Mark[] {
  const marks: Mark[] = [];
  if (low !== null) marks.push(low);
  if (high !== null && (low === null || !isSame(low, high))) marks.push(high);
  if (nan !== null) marks.push({ ...nan, value: Number.NaN });
  return marks.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
}

function isSame(a: Mark, b: Mark): boolean {
  return a.step === b.step && a.timestamp === b.timestamp && a.value === b.value;
}
