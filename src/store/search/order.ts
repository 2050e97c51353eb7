import { assertNever } from '../../base/errors';
import { ARTIFACT_URI, RUN_ATTRIBUTES, attributeNamed } from './attributes';
import { INDEX_OF, type MetricResolver } from './metricValues';
import type { Order } from './parse';
import { START, type Sql, invalid } from './sql';

/** MLflow's ties: the newest first, then by id. */
export const TIES = `${START} DESC, runs.run_id`;

const STATUS = `CASE runs.state WHEN 'queued' THEN 'SCHEDULED' WHEN 'running' THEN 'RUNNING'
  WHEN 'finished' THEN 'FINISHED' WHEN 'failed' THEN 'FAILED' WHEN 'lost' THEN 'FAILED' ELSE 'KILLED' END`;

/** One entry of an order, as a sort of all rows needs it. */
export interface OrderTerm {
  /** A LEFT JOIN beside `runs`, or null. */
  readonly join: Sql | null;
  /** Terms that put numbers first, then NaN, then what is missing. */
  readonly text: string;
  /** How the same order is read from an index instead; null when there is none. */
  readonly lead: Lead | null;
}

/**
 * A way to read runs in order without sorting all of them: in stages, one after the other, each of them in order.
 * Each stage is a FROM (beginning with the table that is walked, `runs` in it) with its conditions.
 */
export interface Lead {
  readonly stages: readonly Stage[];
  /** The metric that the stages are about. */
  readonly metric?: string;
}

export interface Stage {
  /** 'walk': the runs themselves, by an index that fits what is searched. */
  readonly from: Sql | 'walk';
  readonly where: Sql;
  /** The order within the stage by this entry; the other entries and the ties follow. Empty: all are equal. */
  readonly order: string;
  /** Whether runs come here that have no value of the metric, or only NaN. */
  readonly kind: 'values' | 'nan' | 'missing';
}

/** @throws UserError 'invalid' for what cannot be ordered by, and for a field that comes twice. */
export function runOrder(orders: readonly Order[], resolve: MetricResolver): OrderTerm[] {
  const seen = new Set<string>();
  return orders.map((order, i) => {
    const { id, term } = termOf(order, `o${i}`, resolve);
    if (seen.has(id)) throw invalid(`\`order_by\` contains duplicate fields: '${id}'`, order.name);
    seen.add(id);
    return term;
  });
}

function termOf(
  { name, descending }: Order,
  alias: string,
  resolve: MetricResolver,
): { id: string; term: OrderTerm } {
  const direction = descending ? 'DESC' : 'ASC';
  switch (name.entity) {
    case 'metric': {
      const metric = resolve(name);
      const value = metric.sql(alias);
      const index = metric.indexed === null ? null : INDEX_OF[metric.indexed];
      return {
        id: `metrics.${metric.key}.${metric.summary}`,
        term: {
          join: {
            text: `LEFT JOIN metrics AS ${alias} ON ${alias}.run_key = runs.run_key AND ${alias}.name = ?`,
            values: [metric.key],
          },
          text: `${alias}.run_key IS NULL, ${value} IS NULL, ${value} ${direction}`,
          lead: index === null ? null : metricLead(metric.key, index, metric.sql('lead'), direction),
        },
      };
    }
    case 'param':
    case 'tag': {
      const table = `${name.entity}s`;
      return {
        id: `${table}.${name.key}`,
        term: {
          join: {
            text: `LEFT JOIN ${table} AS ${alias} ON ${alias}.run_key = runs.run_key AND ${alias}.key = ?`,
            values: [name.key],
          },
          text: `${alias}.value IS NULL, ${alias}.value ${direction}`,
          lead: textLead(table, name.key, direction),
        },
      };
    }
    case 'attribute': {
      const attribute = attributeNamed(name, RUN_ATTRIBUTES);
      return { id: `attributes.${attribute}`, term: attributeTerm(attribute, direction) };
    }
    case 'dataset':
      throw invalid(`Invalid identifier type 'dataset'. Runs cannot be ordered by it.`, name);
    default:
      return assertNever(name.entity);
  }
}

const NONE: Sql = { text: 'TRUE', values: [] };

function metricLead(key: string, index: string, value: string, direction: string): Lead {
  const from: Sql = {
    text: `metrics AS lead INDEXED BY ${index} CROSS JOIN runs ON runs.run_key = lead.run_key`,
    values: [],
  };
  const ofKey = (more: string): Sql => ({ text: `lead.name = ? AND ${more}`, values: [key] });
  return {
    metric: key,
    stages: [
      { from, where: ofKey(`${value} IS NOT NULL`), order: `${value} ${direction}`, kind: 'values' },
      { from, where: ofKey(`${value} IS NULL`), order: '', kind: 'nan' },
      { from: 'walk', where: missing('metrics', 'name', key), order: '', kind: 'missing' },
    ],
  };
}

function textLead(table: string, key: string, direction: string): Lead {
  return {
    stages: [
      {
        from: {
          text: `${table} AS lead INDEXED BY ${table}_by_value CROSS JOIN runs ON runs.run_key = lead.run_key`,
          values: [],
        },
        where: { text: 'lead.key = ?', values: [key] },
        order: `lead.start ${direction}, lead.value ${direction}`,
        kind: 'values',
      },
      { from: 'walk', where: missing(table, 'key', key), order: '', kind: 'missing' },
    ],
  };
}

function missing(table: string, column: string, key: string): Sql {
  return {
    text: `(SELECT 1 FROM ${table} WHERE ${table}.run_key = runs.run_key AND ${table}.${column} = ?) IS NULL`,
    values: [key],
  };
}

function attributeTerm(attribute: (typeof RUN_ATTRIBUTES)[string], direction: string): OrderTerm {
  const sorted = (sql: string): OrderTerm => ({
    join: null,
    text: `(${sql}) IS NULL, ${sql} ${direction}`,
    lead: null,
  });
  const walked = (index: string, order: string): OrderTerm => ({
    join: null,
    text: order,
    lead: {
      stages: [
        { from: { text: `runs INDEXED BY ${index}`, values: [] }, where: NONE, order, kind: 'values' },
      ],
    },
  });
  switch (attribute) {
    case 'start_time': {
      const order = `${START} ${direction}`;
      return {
        join: null,
        text: order,
        lead: { stages: [{ from: 'walk', where: NONE, order, kind: 'values' }] },
      };
    }
    case 'run_name':
      return walked('runs_by_name', `runs.name ${direction}`);
    case 'run_id':
      return sorted('runs.run_id');
    case 'end_time':
      return { ...sorted('runs.ended_at'), lead: endLead(direction) };
    case 'status':
      return sorted(STATUS);
    case 'user_id':
      return sorted('runs.user_id');
    case 'artifact_uri':
      return sorted(ARTIFACT_URI);
    default:
      return assertNever(attribute);
  }
}

function endLead(direction: string): Lead {
  return {
    stages: [
      {
        from: { text: 'runs INDEXED BY runs_by_end', values: [] },
        where: { text: 'runs.ended_at IS NOT NULL', values: [] },
        order: `runs.ended_at ${direction}`,
        kind: 'values',
      },
      { from: 'walk', where: { text: 'runs.ended_at IS NULL', values: [] }, order: '', kind: 'missing' },
    ],
  };
}
