import { type Direction, defaultDirection } from '../../model/goal';
import type { Db } from '../database';
import type { MetricSummaryName, Name } from './parse';

/** A value of a metric that is searched by: which metric, and where its value stands. */
export interface MetricValue {
  readonly key: string;
  readonly summary: MetricSummaryName;
  /** The SQL of the value in a row of `metrics` with this alias, beside a row of `runs`. NULL is NaN. */
  readonly sql: (alias: string) => string;
  /** The column that an index of metrics has in order, or null. */
  readonly indexed: keyof typeof INDEX_OF | null;
}

/** The indexes of migration 0002: each begins with the metric's name and then has the column. */
export const INDEX_OF = {
  last_value: 'metrics_by_last',
  min_value: 'metrics_by_min',
  max_value: 'metrics_by_max',
} as const;

/** Finds out what a metric's name in a search means. */
export type MetricResolver = (name: Name) => MetricValue;

/**
 * @param experimentIds the experiments that are searched; absent: all. `best` follows the goal that a person set
 * for a run's experiment when that goal is this very metric, and the metric's name otherwise.
 */
export function metricResolver(db: Db): (experimentIds: readonly number[] | undefined) => MetricResolver {
  const known = db.prepare<[string], number>('SELECT 1 FROM metrics WHERE name = ? LIMIT 1').pluck();
  const goals = db.prepare<[string], { experiment_id: number; goal_direction: Direction }>(
    'SELECT experiment_id, goal_direction FROM experiments WHERE goal_metric = ? AND goal_direction IS NOT NULL',
  );

  function bestOf(key: string, experimentIds: readonly number[] | undefined): MetricValue {
    const usual = defaultDirection(key);
    const stored = goals.all(key).filter((row) => experimentIds?.includes(row.experiment_id) ?? true);
    const others = stored.filter((row) => row.goal_direction !== usual).map((row) => row.experiment_id);
    if (others.length === 0) return plain(key, 'best', COLUMN_OF[usual]);
    if (experimentIds !== undefined && others.length === new Set(experimentIds).size) {
      return plain(key, 'best', COLUMN_OF[usual === 'maximize' ? 'minimize' : 'maximize']);
    }
    const [mostly, otherwise] =
      usual === 'maximize' ? ['max_value', 'min_value'] : ['min_value', 'max_value'];
    return {
      key,
      summary: 'best',
      sql: (alias) =>
        `CASE WHEN runs.experiment_id IN (${others.join(', ')}) THEN ${alias}.${otherwise} ELSE ${alias}.${mostly} END`,
      indexed: null,
    };
  }

  return (experimentIds) => (name) => {
    const { otherwise } = name;
    const isOtherwise = otherwise !== undefined && known.get(name.key) === undefined;
    const key = isOtherwise ? otherwise.key : name.key;
    const summary = isOtherwise ? otherwise.summary : (name.summary ?? 'last');
    switch (summary) {
      case 'last':
        return plain(key, summary, 'last_value');
      case 'min':
        return plain(key, summary, 'min_value');
      case 'max':
        return plain(key, summary, 'max_value');
      case 'first':
        return { key, summary, sql: (alias) => `${alias}.first_value`, indexed: null };
      case 'best':
        return bestOf(key, experimentIds);
    }
  };
}

const COLUMN_OF = { maximize: 'max_value', minimize: 'min_value' } as const;

function plain(key: string, summary: MetricSummaryName, column: keyof typeof INDEX_OF): MetricValue {
  return { key, summary, sql: (alias) => `${alias}.${column}`, indexed: column };
}
