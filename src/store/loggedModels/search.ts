import { UserError } from '../../base/errors';
import type { Db } from '../database';
import { type Clause, parseFilter } from '../search/parse';
import {
  type Sql,
  TEXT_AND_NULL,
  checkOperator,
  compareNumbers,
  compareTexts,
  invalid,
  joined,
  listed,
} from '../search/sql';

/** The data that a metric was measured on. */
export interface DatasetChoice {
  readonly name: string | null;
  readonly digest: string | null;
}

/** One field to order by: an attribute, or `metrics.<name>` with the newest value, on the named data only. */
export interface LoggedModelOrder {
  readonly field: string;
  readonly ascending: boolean;
  readonly dataset: DatasetChoice;
}

export interface LoggedModelSearch {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  /** Metrics of the filter count on these data only; without any in the filter, some metric must be on one. */
  readonly datasets: readonly DatasetChoice[];
  readonly orderBy: readonly LoggedModelOrder[];
  readonly limit: number;
  readonly offset: number;
}

export interface LoggedModelSearchStore {
  /** Keys of the models that match, in order. @throws UserError 'invalid' when the question makes no sense. */
  searchLoggedModelKeys(search: LoggedModelSearch): number[];
}

export function loggedModelSearchStore(db: Db): LoggedModelSearchStore {
  return {
    searchLoggedModelKeys(search) {
      const clauses = parseFilter(search.filter);
      const experiments = listed(search.experimentIds.map(Number));
      const where = joined([
        { text: 'models.deleted_at IS NULL', values: [] },
        { text: `models.experiment_id IN ${experiments.text}`, values: experiments.values },
        ...clauses.map((clause) => condition(clause, search.datasets)),
        ...onDatasets(clauses, search.datasets),
      ]);
      const order = orderOf(search.orderBy);
      return db
        .prepare<unknown[], number>(
          `SELECT models.model_key FROM logged_models AS models
           WHERE ${where.text} ORDER BY ${order.text} LIMIT ? OFFSET ?`,
        )
        .pluck()
        .all(...where.values, ...order.values, search.limit, search.offset);
    },
  };
}

const CREATED = 'models.created_at';

const ATTRIBUTES: Readonly<Record<string, { readonly sql: string; readonly type: 'text' | 'number' }>> = {
  name: { sql: 'models.name', type: 'text' },
  model_id: { sql: 'models.model_id', type: 'text' },
  model_type: { sql: 'models.model_type', type: 'text' },
  // MLflow's own word for a failed upload is FAILED in Python and UPLOAD_FAILED on the wire.
  status: { sql: "replace(models.status, 'UPLOAD_', '')", type: 'text' },
  source_run_id: { sql: 'models.source_run_id', type: 'text' },
  experiment_id: { sql: 'CAST(models.experiment_id AS TEXT)', type: 'text' },
  creation_timestamp: { sql: CREATED, type: 'number' },
  creation_timestamp_ms: { sql: CREATED, type: 'number' },
  creation_time: { sql: CREATED, type: 'number' },
  last_updated_timestamp: { sql: 'models.updated_at', type: 'number' },
  last_updated_timestamp_ms: { sql: 'models.updated_at', type: 'number' },
  last_updated_time: { sql: 'models.updated_at', type: 'number' },
};

function condition(clause: Clause, datasets: readonly DatasetChoice[]): Sql {
  const { name } = clause;
  switch (name.entity) {
    case 'attribute': {
      const attribute = Object.hasOwn(ATTRIBUTES, name.key) ? ATTRIBUTES[name.key] : undefined;
      if (attribute === undefined) {
        throw invalid(`Invalid attribute key '${name.key}' specified.`, name);
      }
      return attribute.type === 'number'
        ? compareNumbers(attribute.sql, clause, '')
        : compareTexts(attribute.sql, name.key === 'status' ? plainStatus(clause) : clause, '');
    }
    case 'metric': {
      if (name.summary !== undefined) throw invalid('Of the metrics of models all values count.', name);
      const value = compareNumbers('m.value', clause, '');
      const data = datasets.length === 0 ? { text: 'TRUE', values: [] } : anyOf(datasets.map(onDataset));
      return {
        text: `EXISTS (SELECT 1 FROM logged_model_metrics AS m WHERE m.model_key = models.model_key AND m.name = ?
          AND m.is_nan = 0 AND ${value.text} AND (${data.text}))`,
        values: [name.key, ...value.values, ...data.values],
      };
    }
    case 'param':
    case 'tag': {
      const exists = `EXISTS (SELECT 1 FROM logged_model_${name.entity}s AS t WHERE t.model_key = models.model_key AND t.key = ?`;
      if (clause.operator === 'IS NULL') return { text: `NOT ${exists})`, values: [name.key] };
      if (clause.operator === 'IS NOT NULL') return { text: `${exists})`, values: [name.key] };
      checkOperator(clause, [...TEXT_AND_NULL, 'IN', 'NOT IN']);
      const value = compareTexts('t.value', clause, '');
      return { text: `${exists} AND ${value.text})`, values: [name.key, ...value.values] };
    }
    default:
      throw invalid('Logged models are searched by their data with `datasets`, not in the filter.', name);
  }
}

/** Says `READY` for `LOGGED_MODEL_READY` and `FAILED` for `UPLOAD_FAILED`. */
function plainStatus(clause: Clause): Clause {
  const plain = (text: string) => text.replace(/^LOGGED_MODEL_/, '').replace(/^UPLOAD_/, '');
  const { value } = clause;
  if (typeof value === 'string') return { ...clause, value: plain(value) };
  return Array.isArray(value) ? { ...clause, value: value.map(plain) } : clause;
}

function onDatasets(clauses: readonly Clause[], datasets: readonly DatasetChoice[]): Sql[] {
  if (datasets.length === 0 || clauses.some(({ name }) => name.entity === 'metric')) return [];
  const data = anyOf(datasets.map(onDataset));
  return [
    {
      text: `EXISTS (SELECT 1 FROM logged_model_metrics AS m WHERE m.model_key = models.model_key AND (${data.text}))`,
      values: data.values,
    },
  ];
}

function anyOf(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.map(({ text }) => `(${text})`).join(' OR '),
    values: conditions.flatMap(({ values }) => values),
  };
}

function onDataset({ name, digest }: DatasetChoice): Sql {
  return joined([
    ...(name === null ? [] : [{ text: 'm.dataset_name = ?', values: [name] }]),
    ...(digest === null ? [] : [{ text: 'm.dataset_digest = ?', values: [digest] }]),
  ]);
}

/** Numbers first, then NaN, then models without the metric, in both directions; ties: the newest model first. */
function orderOf(orders: readonly LoggedModelOrder[]): Sql {
  const terms: Sql[] = orders.map(({ field, ascending, dataset }) => {
    const direction = ascending ? 'ASC' : 'DESC';
    const metric = /^metrics?\.(.+)$/s.exec(field)?.[1];
    if (metric !== undefined) {
      const data = onDataset(dataset);
      const values = [metric, ...data.values];
      const newest = (column: string) =>
        `(SELECT ${column} FROM logged_model_metrics AS m WHERE m.model_key = models.model_key AND m.name = ?
          AND ${data.text} ORDER BY m.timestamp DESC, m.step DESC, m.run_key LIMIT 1)`;
      return {
        // Missing is NULL, the last of 0 (a number) and 1 (NaN).
        text: `${newest('m.is_nan')} ASC NULLS LAST, ${newest('m.value')} ${direction}`,
        values: [...values, ...values],
      };
    }
    const attribute = Object.hasOwn(ATTRIBUTES, field) ? ATTRIBUTES[field] : undefined;
    if (attribute === undefined) {
      throw new UserError(
        'invalid',
        `Invalid order by field name: ${field}. Only attributes of the model and metrics are supported.`,
      );
    }
    // Of models of the same millisecond the one that was made later is the later one, in both directions.
    const tie = attribute.sql === CREATED ? `, models.model_key ${direction}` : '';
    return { text: `${attribute.sql} ${direction} NULLS LAST${tie}`, values: [] };
  });
  return {
    text: [...terms.map(({ text }) => text), 'models.created_at DESC', 'models.model_key DESC'].join(', '),
    values: terms.flatMap(({ values }) => values),
  };
}
