import { UserError } from '../../base/errors';
import type { ExperimentId } from '../../model/run';
import type { Db } from '../database';
import {
  type Sql,
  compileExperimentClause,
  compileExperimentOrder,
  compileRunClause,
  compileRunOrder,
} from './compile';
import { parseFilter, parseOrder } from './parse';

export type Lifecycle = 'active' | 'deleted' | 'all';

export interface RunSearch {
  /** Absent: every experiment. */
  readonly experimentIds?: readonly string[] | undefined;
  readonly runIds?: readonly string[] | undefined;
  /** A run's children; null: runs without a parent; absent: both. */
  readonly parentRunId?: string | null | undefined;
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[] | undefined;
  readonly lifecycle: Lifecycle;
  readonly limit: number;
  readonly offset: number;
}

export interface ExperimentSearch {
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[] | undefined;
  readonly lifecycle: Lifecycle;
  readonly limit: number;
  readonly offset: number;
}

export interface SearchStore {
  /** Keys of the runs that match, in order. */
  searchRunKeys(search: RunSearch): number[];
  countRuns(search: RunSearch): number;
  searchExperimentIds(search: ExperimentSearch): ExperimentId[];
}

export function searchStore(db: Db): SearchStore {
  return {
    searchRunKeys(search) {
      const where = runConditions(search);
      const { joins, terms } = compileRunOrder(ordersOf(search.orderBy).map(parseOrder));
      // MLflow's ties. A queued run has not started yet: it is the newest.
      const order = [...terms, 'runs.started_at IS NOT NULL', 'runs.started_at DESC', 'runs.run_id'];
      const sql = `SELECT runs.run_key FROM runs ${joins.map(({ text }) => text).join(' ')}
        WHERE ${where.text} ORDER BY ${order.join(', ')} LIMIT ? OFFSET ?`;
      return db
        .prepare<unknown[], number>(sql)
        .pluck()
        .all(...joins.flatMap(({ values }) => values), ...where.values, search.limit, search.offset);
    },

    countRuns(search) {
      const where = runConditions(search);
      return (
        db
          .prepare<unknown[], number>(`SELECT count(*) FROM runs WHERE ${where.text}`)
          .pluck()
          .get(...where.values) ?? 0
      );
    },

    searchExperimentIds(search) {
      const where = joined([
        lifecycleOf('experiments', search.lifecycle),
        ...parseFilter(search.filter ?? '').map(compileExperimentClause),
      ]);
      const orders = compileExperimentOrder(ordersOf(search.orderBy).map(parseOrder));
      const ties =
        orders.length === 0 ? ['created_at DESC', 'experiment_id ASC'] : [...orders, 'experiment_id DESC'];
      return db
        .prepare<unknown[], number>(
          `SELECT experiment_id FROM experiments WHERE ${where.text} ORDER BY ${ties.join(', ')} LIMIT ? OFFSET ?`,
        )
        .pluck()
        .all(...where.values, search.limit, search.offset)
        .map((id) => String(id) as ExperimentId);
    },
  };
}

function runConditions(search: RunSearch): Sql {
  const conditions: Sql[] = [lifecycleOf('runs', search.lifecycle)];
  if (search.experimentIds !== undefined) {
    conditions.push({
      text: 'runs.experiment_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))',
      values: [JSON.stringify(search.experimentIds)],
    });
  }
  if (search.runIds !== undefined) {
    conditions.push({
      text: 'runs.run_id IN (SELECT value FROM json_each(?))',
      values: [JSON.stringify(search.runIds)],
    });
  }
  if (search.parentRunId === null) conditions.push({ text: 'runs.parent_run_id IS NULL', values: [] });
  else if (search.parentRunId !== undefined) {
    conditions.push({ text: 'runs.parent_run_id = ?', values: [search.parentRunId] });
  }
  conditions.push(...parseFilter(search.filter ?? '').map(compileRunClause));
  return joined(conditions);
}

function lifecycleOf(table: 'runs' | 'experiments', lifecycle: Lifecycle): Sql {
  switch (lifecycle) {
    case 'active':
      return { text: `${table}.deleted_at IS NULL`, values: [] };
    case 'deleted':
      return { text: `${table}.deleted_at IS NOT NULL`, values: [] };
    case 'all':
      return { text: 'TRUE', values: [] };
  }
}

function joined(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.map(({ text }) => text).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

function ordersOf(orderBy: readonly string[] | undefined): readonly string[] {
  if ((orderBy?.length ?? 0) > 50) throw new UserError('invalid', '`order_by` has more than 50 entries.');
  return (orderBy ?? []).filter((text) => text.trim() !== '');
}
