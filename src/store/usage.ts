import { type Direction, type Goal, bestOf, defaultDirection, isBetter } from '../model/goal';
import type { Run } from '../model/run';
import type { Db } from './database';
import type { ExperimentStore } from './experiments';
import type { RunStore } from './runs';
import { START } from './search/sql';

export interface MetricUsage {
  readonly metric: string;
  readonly direction: Direction;
  readonly isGoal: boolean;
  readonly runCount: number;
  readonly best: { readonly run: Run; readonly value: number; readonly step: number } | null;
  readonly last: { readonly run: Run; readonly value: number; readonly step: number };
}

export interface ParamUsage {
  readonly param: string;
  readonly runCount: number;
  readonly goal: Goal | null;
  readonly best: { readonly run: Run; readonly value: string } | null;
  readonly last: { readonly run: Run; readonly value: string };
  readonly values: readonly {
    readonly value: string;
    readonly runCount: number;
    readonly bestGoal: number | null;
  }[];
}

export interface UsageStore {
  /** What is known of a metric over all runs, or those of one experiment. Null when no run has it. */
  metricUsage(metric: string, experiment?: string): MetricUsage | null;
  paramUsage(param: string, experiment?: string): ParamUsage | null;
}

/** Fewer runs than this are sorted by their time, of more the newest is looked for. */
const COMMON = 2000;

/** Of the experiments that have what was asked for, the goal of the most recently used one counts. */
export function usageStore(
  db: Db,
  experiments: Pick<ExperimentStore, 'goalOf'>,
  runs: Pick<RunStore, 'readRuns'>,
): UsageStore {
  const scope = `FROM runs JOIN experiments USING (experiment_id) JOIN %s USING (run_key)
    WHERE %s = ? AND runs.deleted_at IS NULL AND (? IS NULL OR experiments.name = ?)`;
  const metricScope = scope.replace('%s', 'metrics').replace('%s', 'metrics.name');
  const paramScope = scope.replace('%s', 'params').replace('%s', 'params.key');
  type Args = [string, string | null, string | null];
  const newest = 'ORDER BY coalesce(runs.started_at, runs.created_at) DESC, runs.run_key DESC LIMIT 1';

  const metricTotals = db.prepare<Args, number>(`SELECT count(*) ${metricScope}`).pluck();
  // Over all experiments: what the index of metrics counts, less the few that belong to deleted runs.
  const metricTotalOfAll = db
    .prepare<[string, string], number>(
      `SELECT (SELECT count(*) FROM metrics WHERE name = ?) - (
         SELECT count(*) FROM runs INDEXED BY runs_by_start CROSS JOIN metrics USING (run_key)
         WHERE (runs.deleted_at IS NOT NULL) = 1 AND metrics.name = ?)`,
    )
    .pluck();
  const isCommon = db
    .prepare<[string], number>(`SELECT 1 FROM metrics WHERE name = ? LIMIT 1 OFFSET ${COMMON}`)
    .pluck();
  type Newest = { run_key: number; experiment_id: number };
  const metricLast = db.prepare<Args, Newest>(
    `SELECT runs.run_key, runs.experiment_id ${metricScope} ${newest}`,
  );
  // A metric that most runs have is found soon when runs are looked at from the newest on.
  const metricLastOfAll = db.prepare<[string], Newest>(
    `SELECT runs.run_key, runs.experiment_id FROM runs INDEXED BY runs_by_start
     WHERE (runs.deleted_at IS NOT NULL) = 0
       AND (SELECT 1 FROM metrics WHERE metrics.run_key = runs.run_key AND metrics.name = ?)
     ORDER BY ${START} DESC, runs.run_id LIMIT 1`,
  );
  const extreme = (column: string, order: string) =>
    db
      .prepare<Args, number>(
        `SELECT runs.run_key ${metricScope} AND ${column} IS NOT NULL ORDER BY ${column} ${order}, runs.created_at LIMIT 1`,
      )
      .pluck();
  const extremes = { maximize: extreme('max_value', 'DESC'), minimize: extreme('min_value', 'ASC') };

  const paramTotals = db.prepare<Args, { runs: number }>(`SELECT count(*) AS runs ${paramScope}`);
  const paramLast = db.prepare<Args, { run_key: number; experiment_id: number }>(
    `SELECT runs.run_key, runs.experiment_id ${paramScope} ${newest}`,
  );
  const goalOfValues = (column: string, pick: 'max' | 'min') =>
    db.prepare<[string, ...Args], { value: string; runs: number; best: number | null; run_key: number }>(
      `SELECT params.value, count(*) AS runs, ${pick}(goal.${column}) AS best, runs.run_key
       ${paramScope.replace('WHERE', 'LEFT JOIN metrics AS goal ON goal.run_key = runs.run_key AND goal.name = ? WHERE')}
       GROUP BY params.value ORDER BY runs DESC, params.value`,
    );
  const values = { maximize: goalOfValues('max_value', 'max'), minimize: goalOfValues('min_value', 'min') };

  const runOf = (runKey: number | undefined) =>
    runKey === undefined ? undefined : runs.readRuns([runKey])[0];

  return {
    metricUsage(metric, experiment) {
      const args: Args = [metric, experiment ?? null, experiment ?? null];
      const isWalked = experiment === undefined && isCommon.get(metric) !== undefined;
      const newestRow = isWalked ? metricLastOfAll.get(metric) : metricLast.get(...args);
      const last = runOf(newestRow?.run_key);
      const lastSummary = last?.metrics[metric];
      if (newestRow === undefined || last === undefined || lastSummary === undefined) return null;
      const goal = experiments.goalOf(String(newestRow.experiment_id));
      const isGoal = goal?.metric === metric;
      const direction = isGoal ? goal.direction : defaultDirection(metric);
      const bestRun = runOf(extremes[direction].get(...args));
      const bestSummary = bestRun?.metrics[metric];
      return {
        metric,
        direction,
        isGoal,
        runCount:
          (experiment === undefined ? metricTotalOfAll.get(metric, metric) : metricTotals.get(...args)) ?? 0,
        best:
          bestRun === undefined || bestSummary === undefined
            ? null
            : { run: bestRun, ...bestOf(bestSummary, direction) },
        last: { run: last, value: lastSummary.last, step: lastSummary.lastStep },
      };
    },

    paramUsage(param, experiment) {
      const args: Args = [param, experiment ?? null, experiment ?? null];
      const newestRow = paramLast.get(...args);
      const last = runOf(newestRow?.run_key);
      const lastValue = last?.params[param];
      if (newestRow === undefined || last === undefined || lastValue === undefined) return null;
      const goal = experiments.goalOf(String(newestRow.experiment_id));
      const direction = goal?.direction ?? 'maximize';
      const tried = values[direction].all(goal?.metric ?? '', ...args);
      let best: (typeof tried)[number] | null = null;
      for (const row of tried) {
        if (
          row.best !== null &&
          (best === null || best.best === null || isBetter(row.best, best.best, direction))
        )
          best = row;
      }
      const bestRun = best === null ? undefined : runOf(best.run_key);
      return {
        param,
        runCount: paramTotals.get(...args)?.runs ?? 0,
        goal,
        best: best === null || bestRun === undefined ? null : { run: bestRun, value: best.value },
        last: { run: last, value: lastValue },
        values: tried
          .slice(0, 20)
          .map((row) => ({ value: row.value, runCount: row.runs, bestGoal: row.best })),
      };
    },
  };
}
