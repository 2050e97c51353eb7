import type { Statement } from 'better-sqlite3';
import { UserError } from '../../base/errors';
import type { ExperimentId } from '../../model/run';
import type { Db } from '../database';
import { type Condition, runCondition } from './conditions';
import { experimentCondition, experimentOrder } from './experiments';
import { type MetricResolver, metricResolver } from './metricValues';
import { runOrder } from './order';
import { parseFilter, parseOrder } from './parse';
import { type Database, countOfRuns, pageOfKeys } from './plan';
import { IS_DELETED, type Sql, joined, listed } from './sql';

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

/** Finds runs and experiments by filters and orders in MLflow's search grammar; docs/search.md has the language. */
export interface SearchStore {
  /** Keys of the runs that match, in order. @throws UserError 'invalid' naming what is wrong and where. */
  searchRunKeys(search: RunSearch): number[];
  countRuns(search: RunSearch): number;
  searchExperimentIds(search: ExperimentSearch): ExperimentId[];
}

export function searchStore(db: Db): SearchStore {
  const database = cachedDatabase(db);
  const resolverFor = metricResolver(db);

  function understood(search: RunSearch): { conditions: Condition[]; resolve: MetricResolver } {
    const resolve = resolverFor(search.experimentIds?.map(Number));
    return { conditions: runConditions(search, resolve), resolve };
  }

  return {
    searchRunKeys(search) {
      const { conditions, resolve } = understood(search);
      return pageOfKeys(database, {
        conditions,
        order: runOrder(ordersOf(search.orderBy).map(parseOrder), resolve),
        walk: walkOf(search),
        limit: search.limit,
        offset: search.offset,
      });
    },

    countRuns: (search) => countOfRuns(database, understood(search).conditions),

    searchExperimentIds(search) {
      const where = joined([
        lifecycleOf('(experiments.deleted_at IS NOT NULL)', search.lifecycle),
        ...parseFilter(search.filter ?? '').map(experimentCondition),
      ]);
      const order = experimentOrder(ordersOf(search.orderBy).map(parseOrder));
      return database
        .column({
          text: `SELECT experiment_id FROM experiments WHERE ${where.text} ORDER BY ${order.join(', ')} LIMIT ? OFFSET ?`,
          values: [...where.values, search.limit, search.offset],
        })
        .map((id) => String(id) as ExperimentId);
    },
  };
}

const MOST_STATEMENTS = 100; // Preparing one takes longer than a small search; each keeps a few kilobytes.

/** Prepares a statement once for all searches of the same shape. */
function cachedDatabase(db: Db): Database {
  const statements = new Map<string, Statement<(string | number)[], number>>();
  const newest = db.prepare<[], number>('SELECT max(run_key) FROM runs').pluck();

  function statement(text: string): Statement<(string | number)[], number> {
    const known = statements.get(text);
    const prepared = known ?? db.prepare<(string | number)[], number>(text).pluck();
    if (known !== undefined)
      statements.delete(text); // The one that was used last goes to the end.
    else if (statements.size >= MOST_STATEMENTS) {
      const [oldest] = statements.keys();
      if (oldest !== undefined) statements.delete(oldest);
    }
    statements.set(text, prepared);
    return prepared;
  }

  return {
    column: ({ text, values }: Sql) => statement(text).all(...values),
    // Keys are counted upwards and runs are hardly ever taken out.
    runCount: () => newest.get() ?? 0,
  };
}

/** What the request itself says of the runs, then what its filter says. */
function runConditions(search: RunSearch, resolve: MetricResolver): Condition[] {
  const lifecycle = lifecycleOf(IS_DELETED, search.lifecycle);
  const conditions: Condition[] = [];
  if (search.lifecycle === 'active') conditions.push({ ...lifecycle, driver: null, share: 1 });
  if (search.lifecycle === 'deleted') conditions.push(ownDriver(lifecycle));
  if (search.experimentIds !== undefined) conditions.push(inExperiments(search.experimentIds));
  if (search.runIds !== undefined) {
    const ids = listed(search.runIds);
    conditions.push(ownDriver({ text: `runs.run_id IN ${ids.text}`, values: ids.values }));
  }
  if (search.parentRunId === null) {
    conditions.push({ text: 'runs.parent_run_id IS NULL', values: [], driver: null, share: 1 });
  } else if (search.parentRunId !== undefined) {
    conditions.push(ownDriver({ text: 'runs.parent_run_id = ?', values: [search.parentRunId] }));
  }
  conditions.push(...parseFilter(search.filter ?? '').map((clause) => runCondition(clause, resolve)));
  return conditions;
}

function inExperiments(experimentIds: readonly string[]): Condition {
  const ids = experimentIds.map(Number);
  const [only] = ids;
  // Written with = for a single one: an index can then be walked in order.
  if (ids.length === 1 && only !== undefined) {
    return ownDriver({ text: 'runs.experiment_id = ?', values: [only] });
  }
  const list = listed(ids);
  return ownDriver({ text: `runs.experiment_id IN ${list.text}`, values: list.values });
}

/** A condition whose index gives exactly the runs that fulfil it. */
function ownDriver({ text, values }: Sql): Condition {
  return { text, values, driver: { text: `SELECT runs.run_key FROM runs WHERE ${text}`, values } };
}

function walkOf({ experimentIds, lifecycle }: RunSearch): string | null {
  // With deleted runs among the others no index has them in order.
  if (lifecycle === 'all') return null;
  return experimentIds?.length === 1 ? 'runs INDEXED BY runs_by_experiment' : 'runs INDEXED BY runs_by_start';
}

function lifecycleOf(isDeleted: string, lifecycle: Lifecycle): Sql {
  if (lifecycle === 'all') return { text: 'TRUE', values: [] };
  return { text: `${isDeleted} = ${lifecycle === 'active' ? 0 : 1}`, values: [] };
}

function ordersOf(orderBy: readonly string[] | undefined): readonly string[] {
  if ((orderBy?.length ?? 0) > 50) throw new UserError('invalid', '`order_by` has more than 50 entries.');
  return (orderBy ?? []).filter((text) => text.trim() !== '');
}
