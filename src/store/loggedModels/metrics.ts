import type { LoggedModelMetric } from '../../model/loggedModel';
import type { Db } from '../database';
import type { Point } from '../metrics';
import type { RunHead } from '../runs';
import { narrowed } from '../wholeNumbers';
import type { LoggedModelHead } from './models';

/** A point that a run logged of a model. */
export interface LoggedModelPoint extends Point {
  readonly modelId: string;
  /** Empty when nobody named the data. */
  readonly datasetName: string;
  readonly datasetDigest: string;
}

export interface LoggedModelMetricStore {
  /**
   * Keeps points for their models; in the run they are kept beside, by `logMetrics`. A point that is there
   * already is dropped, NaN too. @throws UserError 'not-found' when there is no such model.
   */
  logLoggedModelMetrics(run: RunHead, points: readonly LoggedModelPoint[]): void;
}

export function loggedModelMetricStore(
  db: Db,
  headOf: (modelId: string) => LoggedModelHead,
): LoggedModelMetricStore {
  const put = db.prepare<(string | number | bigint)[]>(
    `INSERT OR IGNORE INTO logged_model_metrics (model_key, name, timestamp, step, run_key, dataset_name,
       dataset_digest, value, is_nan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );

  return {
    logLoggedModelMetrics(run, points) {
      for (const point of points) {
        const isNaN = Number.isNaN(point.value);
        put.run(
          headOf(point.modelId).modelKey,
          point.name,
          point.timestamp,
          point.step,
          run.runKey,
          point.datasetName,
          point.datasetDigest,
          isNaN ? 0 : point.value,
          isNaN ? 1 : 0,
        );
      }
    },
  };
}

// A script that logs every step of a training of its model has hundreds of thousands of points, and every answer
// with the model carries them. Of a whole series the run has all.
const MOST_OF_A_SERIES = 1000;

type Row = [
  modelKey: bigint,
  name: string,
  timestamp: bigint,
  step: bigint,
  runId: string,
  datasetName: string,
  datasetDigest: string,
  value: number,
  isNaN: bigint,
];

/**
 * Reads the metrics of models, whose keys come as a JSON list, oldest points first: of every series (one metric
 * of one run on one dataset) the newest thousand points.
 */
export function loggedModelMetricsReader(db: Db): (modelKeys: string) => Map<number, LoggedModelMetric[]> {
  const read = db
    .prepare<[string, number], Row>(
      `SELECT model_key, m.name, timestamp, step, run_id, dataset_name, dataset_digest, value, is_nan FROM (
         SELECT *, row_number() OVER (
           PARTITION BY model_key, name, run_key, dataset_name, dataset_digest ORDER BY timestamp DESC, step DESC
         ) AS age FROM logged_model_metrics WHERE model_key IN (SELECT value FROM json_each(?))) AS m
       JOIN runs USING (run_key) WHERE age <= ? ORDER BY model_key, timestamp, step, m.name`,
    )
    .raw()
    .safeIntegers(true);

  return (modelKeys) => {
    const metrics = new Map<number, LoggedModelMetric[]>();
    for (const row of read.iterate(modelKeys, MOST_OF_A_SERIES)) {
      const [modelKey, name, timestamp, step, runId, datasetName, datasetDigest, value, isNaN] = row;
      const metric: LoggedModelMetric = {
        name,
        value: isNaN === 1n ? Number.NaN : value,
        step: narrowed(step),
        timestamp: narrowed(timestamp),
        runId,
        datasetName,
        datasetDigest,
      };
      const known = metrics.get(Number(modelKey));
      if (known === undefined) metrics.set(Number(modelKey), [metric]);
      else known.push(metric);
    }
    return metrics;
  };
}
