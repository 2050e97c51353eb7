import type { MetricFacet } from '../../model/table';

/** What a column of the store is read from. */
export type Source =
  | { readonly from: 'metric'; readonly name: string; readonly of: Exclude<MetricFacet, 'best'> }
  | { readonly from: 'param' | 'tag'; readonly name: string }
  | { readonly from: 'run'; readonly name: 'name' | 'id' | 'state' | 'user' | 'started' | 'ended' }
  /** The names of a run's datasets. */
  | { readonly from: 'data'; readonly name: '' };

/** Statements that give a run's key and its value. */
export interface ColumnSql {
  readonly isText: boolean;
  /** Whether NULL stands for NaN, as it does in summaries of metrics. */
  readonly isNaNNull: boolean;
  /** All values, a slice at a time. */
  readonly read: ColumnReading;
  /** Takes `values`, then the number since when, then the most rows: what changed, NULL for what went. */
  readonly changes: readonly BoundSql[];
}

export interface BoundSql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/**
 * How all values are read in slices:
 * - byKey: the statement takes `values`, then keys of runs: after the first, up to the second;
 * - byIndex: in the order of an index, which is walked on from a value and a key by three statements: NULLs after a
 *   key, equals after a key, greater values. Each takes `values`, what it goes on from, and the most rows.
 */
export type ColumnReading =
  | { readonly kind: 'byKey'; readonly all: BoundSql; readonly rare: RareSql | null }
  | {
      readonly kind: 'byIndex';
      /** What is less than all values but equal to the least. */
      readonly least: number | string;
      readonly nan: BoundSql | null;
      readonly equal: BoundSql;
      readonly greater: BoundSql;
    };

/** For columns that few runs have: how many entries there are at most of a number, and all of them at once. */
export interface RareSql {
  readonly count: BoundSql;
  readonly all: BoundSql;
}

export function sourceKey(source: Source): string {
  return JSON.stringify([source.from, source.name, source.from === 'metric' ? source.of : '']);
}

export function columnSql(source: Source): ColumnSql {
  switch (source.from) {
    case 'metric':
      return metricSql(source.name, source.of);
    case 'param':
    case 'tag':
      return textSql(`${source.from}s`, source.name);
    case 'run':
      return runSql(source.name);
    case 'data':
      return DATA;
  }
}

const FIELDS = {
  last: 'last_value',
  min: 'min_value',
  max: 'max_value',
  first: 'first_value',
  count: 'count',
  lastStep: 'last_step',
} as const;

const INDEXES: Partial<Record<MetricFacet, string>> = {
  last: 'metrics_by_last',
  min: 'metrics_by_min',
  max: 'metrics_by_max',
};

function metricSql(name: string, of: Exclude<MetricFacet, 'best'>): ColumnSql {
  const field = FIELDS[of];
  const bound = (text: string): BoundSql => ({ text, values: [name] });
  const changes = [
    bound(
      `SELECT run_key, ${field} FROM metrics INDEXED BY metrics_by_seq WHERE name = ? AND seq > ? LIMIT ?`,
    ),
  ];
  const index = INDEXES[of];
  if (index !== undefined) {
    const from = `SELECT run_key, ${field} FROM metrics INDEXED BY ${index} WHERE name = ?`;
    return {
      ...{ isText: false, isNaNNull: true, changes },
      read: {
        kind: 'byIndex',
        least: -Infinity,
        nan: bound(`${from} AND ${field} IS NULL AND run_key > ? ORDER BY run_key LIMIT ?`),
        equal: bound(`${from} AND ${field} = ? AND run_key > ? ORDER BY run_key LIMIT ?`),
        greater: bound(`${from} AND ${field} > ? ORDER BY ${field}, run_key LIMIT ?`),
      },
    };
  }
  return {
    ...{ isText: false, isNaNNull: of === 'first', changes },
    read: {
      kind: 'byKey',
      all: bound(
        `SELECT runs.run_key, metrics.${field} FROM runs CROSS JOIN metrics
         ON metrics.run_key = runs.run_key AND metrics.name = ?
         WHERE runs.run_key > ? AND runs.run_key <= ?`,
      ),
      rare: null,
    },
  };
}

function textSql(table: string, key: string): ColumnSql {
  const bound = (text: string): BoundSql => ({ text, values: [key] });
  return {
    ...{ isText: true, isNaNNull: false },
    read: {
      kind: 'byKey',
      all: bound(
        `SELECT runs.run_key, ${table}.value FROM runs CROSS JOIN ${table}
         ON ${table}.run_key = runs.run_key AND ${table}.key = ?
         WHERE runs.run_key > ? AND runs.run_key <= ?`,
      ),
      rare: {
        count: bound(
          `SELECT count(*), 0 FROM (SELECT 1 FROM ${table} INDEXED BY ${table}_by_value WHERE key = ? LIMIT ?)`,
        ),
        all: bound(`SELECT run_key, value FROM ${table} INDEXED BY ${table}_by_value WHERE key = ?`),
      },
    },
    changes: [
      bound(
        `SELECT runs.run_key, (SELECT value FROM ${table} WHERE ${table}.run_key = runs.run_key AND ${table}.key = ?)
         FROM runs WHERE runs.seq > ? LIMIT ?`,
      ),
    ],
  };
}

function runSql(name: 'name' | 'id' | 'state' | 'user' | 'started' | 'ended'): ColumnSql {
  const value = {
    name: 'name',
    id: 'run_id',
    state: 'state',
    user: "nullif(user_id, '')",
    started: 'started_at',
    ended: 'ended_at',
  }[name];
  const bound = (text: string): BoundSql => ({ text, values: [] });
  const changes = [bound(`SELECT run_key, ${value} FROM runs WHERE seq > ? LIMIT ?`)];
  if (name === 'name') {
    // Read in order, a hundred thousand different names need no sorting.
    const from = 'SELECT run_key, name FROM runs INDEXED BY runs_by_name WHERE';
    return {
      ...{ isText: true, isNaNNull: false, changes },
      read: {
        kind: 'byIndex',
        least: '',
        nan: null,
        equal: bound(`${from} name = ? AND run_key > ? ORDER BY run_key LIMIT ?`),
        greater: bound(`${from} name > ? ORDER BY name, run_key LIMIT ?`),
      },
    };
  }
  return {
    ...{ isText: name !== 'started' && name !== 'ended', isNaNNull: false, changes },
    read: {
      kind: 'byKey',
      all: bound(`SELECT run_key, ${value} FROM runs WHERE run_key > ? AND run_key <= ?`),
      rare: null,
    },
  };
}

const NAMES = `(SELECT group_concat(name, ', ') FROM
  (SELECT DISTINCT name FROM inputs WHERE inputs.run_key = runs.run_key AND name <> '' ORDER BY name))`;

const DATA: ColumnSql = {
  ...{ isText: true, isNaNNull: false },
  read: {
    kind: 'byKey',
    all: {
      text: `SELECT run_key, ${NAMES} FROM runs WHERE run_key > ? AND run_key <= ? `,
      values: [],
    },
    rare: null,
  },
  changes: [{ text: `SELECT run_key, ${NAMES} FROM runs WHERE seq > ? LIMIT ?`, values: [] }],
};
