import { type Direction, defaultDirection } from '../../model/goal';
import { type ExperimentId, type RunId, type RunState, TAGS } from '../../model/run';
import { readNumber } from '../../model/filter/values';
import type { Cell, Column, TableRun } from '../../model/table';
import type { Db } from '../database';

interface HeadRow {
  readonly run_key: number;
  readonly run_id: RunId;
  readonly experiment_id: number;
  readonly name: string;
  readonly state: RunState;
  readonly user_id: string;
  readonly reason: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly exit_code: number | null;
  readonly has_runner: number;
  readonly child_count: number;
}

interface MetricRow {
  readonly run_key: number;
  readonly name: string;
  readonly last_value: number | null;
  readonly min_value: number | null;
  readonly max_value: number | null;
  readonly first_value: number | null;
  readonly count: number;
  readonly last_step: number;
}

const OWN_TAGS = [TAGS.starred, TAGS.archived, TAGS.note];
const TAG_OF: Readonly<Record<string, string>> = {
  cost: TAGS.cost,
  energy: TAGS.energyWh,
  branch: TAGS.gitBranch,
  commit: TAGS.gitCommit,
  dirty: TAGS.gitDirty,
  script: TAGS.sourceName,
  note: TAGS.note,
};

/** Reads what is on the screen of the table straight from the store: only these runs, and only these columns. */
export function rowReader(
  db: Db,
): (keys: readonly number[], columns: readonly Column[]) => Map<number, TableRun> {
  const inKeys = 'run_key IN (SELECT value FROM json_each(?))';
  const heads = db.prepare<[string], HeadRow>(
    `SELECT run_key, run_id, experiment_id, name, state, user_id, reason, started_at, ended_at, exit_code,
       attempt_id IS NOT NULL OR command IS NOT NULL AS has_runner,
       (SELECT count(*) FROM runs AS child WHERE child.parent_run_id = runs.run_id AND child.deleted_at IS NULL)
         AS child_count
     FROM runs WHERE ${inKeys}`,
  );
  // Each run is looked into for each name: with hundreds of names beside the few on the screen that is least.
  const texts = (table: 'params' | 'tags') =>
    db
      .prepare<[string, string], [number, string, string]>(
        `SELECT found.run_key, found.key, found.value FROM json_each(?) AS run CROSS JOIN json_each(?) AS name
         CROSS JOIN ${table} AS found ON found.run_key = run.value AND found.key = name.value`,
      )
      .raw();
  const params = texts('params');
  const tags = texts('tags');
  const metrics = db.prepare<[string, string], MetricRow>(
    `SELECT found.run_key, found.name, last_value, min_value, max_value, first_value, count, last_step
     FROM json_each(?) AS run CROSS JOIN json_each(?) AS name
     CROSS JOIN metrics AS found ON found.run_key = run.value AND found.name = name.value`,
  );
  const data = db
    .prepare<[string], [number, string]>(
      `SELECT DISTINCT run_key, name FROM inputs WHERE ${inKeys} AND name <> '' ORDER BY name`,
    )
    .raw();
  const goals = db.prepare<[], { experiment_id: number; goal_metric: string; goal_direction: Direction }>(
    `SELECT experiment_id, goal_metric, goal_direction FROM experiments
     WHERE goal_metric IS NOT NULL AND goal_direction IS NOT NULL`,
  );

  return (keys, columns) => {
    const list = JSON.stringify(keys);
    const names = (kind: Column['kind']) =>
      columns.flatMap((column) => (column.kind === kind ? [column.name as string] : []));
    const attributes = names('attribute');
    const tagNames = [...names('tag'), ...OWN_TAGS, ...attributes.flatMap((name) => TAG_OF[name] ?? [])];
    const paramOf = lookup(params.all(list, JSON.stringify([...new Set(names('param'))])));
    const tagOf = lookup(tags.all(list, JSON.stringify([...new Set(tagNames)])));
    const metricOf = new Map(
      metrics
        .all(list, JSON.stringify([...new Set(names('metric'))]))
        .map((row) => [entryKey(row.run_key, row.name), row]),
    );
    const dataOf = new Map<number, string>();
    for (const [key, name] of attributes.includes('data') ? data.all(list) : []) {
      const known = dataOf.get(key);
      dataOf.set(key, known === undefined ? name : `${known}, ${name}`);
    }
    const goalOf = new Map(columns.length === 0 ? [] : goals.all().map((row) => [row.experiment_id, row]));
    const heading = new Map(heads.all(list).map((row) => [row.run_key, row]));

    function cellOf(row: HeadRow, column: Column): Cell {
      switch (column.kind) {
        case 'param':
          return paramOf.get(entryKey(row.run_key, column.name)) ?? null;
        case 'tag':
          return tagOf.get(entryKey(row.run_key, column.name)) ?? null;
        case 'metric': {
          const metric = metricOf.get(entryKey(row.run_key, column.name));
          if (metric === undefined) return null;
          const goal = goalOf.get(row.experiment_id);
          const direction =
            goal?.goal_metric === column.name ? goal.goal_direction : defaultDirection(column.name);
          return numberCell(facetOf(metric, column.of, direction));
        }
        case 'attribute':
          return attributeOf(row, column.name);
      }
    }

    function attributeOf(row: HeadRow, name: Extract<Column, { kind: 'attribute' }>['name']): Cell {
      const tag = tagOf.get(entryKey(row.run_key, TAG_OF[name] ?? '')) ?? '';
      switch (name) {
        case 'state':
          return row.state;
        case 'started':
          return row.started_at;
        case 'ended':
          return row.ended_at;
        case 'duration':
          return row.started_at === null || row.ended_at === null ? null : row.ended_at - row.started_at;
        case 'user':
          return row.user_id === '' ? null : row.user_id;
        case 'data':
          return dataOf.get(row.run_key) ?? null;
        case 'cost':
        case 'energy':
          return readNumber(tag);
        case 'dirty':
          return tag === '' ? null : /^true$/i.test(tag) ? 'yes' : 'no';
        case 'branch':
        case 'commit':
        case 'script':
        case 'note':
          return tag === '' ? null : tag;
      }
    }

    const found = new Map<number, TableRun>();
    for (const [key, row] of heading) {
      const tag = (name: string) => tagOf.get(entryKey(key, name)) ?? '';
      found.set(key, {
        kind: 'run',
        runId: row.run_id,
        experimentId: String(row.experiment_id) as ExperimentId,
        name: row.name,
        state: row.state,
        reason: row.reason,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        exitCode: row.exit_code,
        hasRunner: row.has_runner === 1,
        childCount: row.child_count,
        starred: tag(TAGS.starred) === 'true',
        archived: tag(TAGS.archived) === 'true',
        hasNote: tag(TAGS.note) !== '',
        cells: columns.map((column) => cellOf(row, column)),
      });
    }
    return found;
  };
}

/** As JSON and SQLite have it: NULL is NaN, infinities are texts. */
export function numberCell(value: number | null): Cell {
  if (value === null) return 'NaN';
  return Number.isFinite(value) ? value : String(value);
}

function facetOf(
  row: MetricRow,
  of: Extract<Column, { kind: 'metric' }>['of'],
  best: Direction,
): number | null {
  switch (of) {
    case 'last':
      return row.last_value;
    case 'min':
      return row.min_value;
    case 'max':
      return row.max_value;
    case 'first':
      return row.first_value;
    case 'count':
      return row.count;
    case 'lastStep':
      return row.last_step;
    case 'best':
      return best === 'maximize' ? row.max_value : row.min_value;
  }
}

function lookup(rows: readonly (readonly [number, string, string])[]): Map<string, string> {
  return new Map(rows.map(([key, name, value]) => [entryKey(key, name), value]));
}

function entryKey(key: number, name: string): string {
  return `${key} ${name}`;
}
