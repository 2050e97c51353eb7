import { UserError, assertNever } from '../../base/errors';
import type { Clause, Name, Operator, Order } from './parse';

/** A piece of SQL with the values for its question marks, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** The attributes of a searchable thing: its SQL expression and whether it is text or a number. */
export type Attributes = Readonly<Record<string, { readonly sql: string; readonly type: 'text' | 'number' }>>;

const ARTIFACT_URI = "'mlflow-artifacts:/' || runs.experiment_id || '/' || runs.run_id || '/artifacts'";
const STATUS = `CASE runs.state WHEN 'queued' THEN 'SCHEDULED' WHEN 'running' THEN 'RUNNING'
  WHEN 'finished' THEN 'FINISHED' WHEN 'failed' THEN 'FAILED' WHEN 'lost' THEN 'FAILED' ELSE 'KILLED' END`;

export const RUN_ATTRIBUTES: Attributes = {
  run_id: { sql: 'runs.run_id', type: 'text' },
  run_name: { sql: 'runs.name', type: 'text' },
  'run name': { sql: 'runs.name', type: 'text' },
  'Run name': { sql: 'runs.name', type: 'text' },
  'Run Name': { sql: 'runs.name', type: 'text' },
  status: { sql: STATUS, type: 'text' },
  user_id: { sql: 'runs.user_id', type: 'text' },
  artifact_uri: { sql: ARTIFACT_URI, type: 'text' },
  start_time: { sql: 'runs.started_at', type: 'number' },
  created: { sql: 'runs.started_at', type: 'number' },
  Created: { sql: 'runs.started_at', type: 'number' },
  end_time: { sql: 'runs.ended_at', type: 'number' },
};

export const EXPERIMENT_ATTRIBUTES: Attributes = {
  name: { sql: 'experiments.name', type: 'text' },
  creation_time: { sql: 'experiments.created_at', type: 'number' },
  last_update_time: { sql: 'experiments.updated_at', type: 'number' },
};

/** The conditions of a filter on runs, one a clause. Every value is bound. */
export function compileRunClause(clause: Clause): Sql {
  const { name, operator, value } = clause;
  switch (name.entity) {
    case 'metric':
      if (typeof value !== 'number') {
        throw invalid(`Expected a number for metric '${name.key}'; it was ${shown(value)}.`, name);
      }
      return within(
        'metrics',
        'name',
        name.key,
        compare('metrics.last_value', operator, value, name, NUMERIC),
      );
    case 'param':
      return textIn('params', clause);
    case 'tag':
      return textIn('tags', clause);
    case 'attribute':
      return attribute(clause, RUN_ATTRIBUTES, true);
    case 'dataset': {
      if (!['name', 'digest', 'context'].includes(name.key)) {
        throw invalid(`Invalid dataset attribute '${name.key}'. Valid ones are name, digest, context.`, name);
      }
      const condition = compare(`inputs.${name.key}`, operator, textOf(clause), name, TEXT_AND_LISTS);
      return {
        text: `EXISTS (SELECT 1 FROM inputs WHERE inputs.run_key = runs.run_key AND ${condition.text})`,
        values: condition.values,
      };
    }
    default:
      return assertNever(name.entity);
  }
}

/** A condition on experiments: attributes and tags. */
export function compileExperimentClause(clause: Clause): Sql {
  const { name, operator } = clause;
  if (name.entity === 'attribute') return attribute(clause, EXPERIMENT_ATTRIBUTES, false);
  if (name.entity !== 'tag') throw invalid(`Experiments have no ${name.entity}s to search.`, name);
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') {
    return {
      text: `${operator === 'IS NULL' ? 'NOT ' : ''}EXISTS (SELECT 1 FROM experiment_tags AS t WHERE t.experiment_id = experiments.experiment_id AND t.key = ?)`,
      values: [name.key],
    };
  }
  const condition = compare('t.value', operator, textOf(clause), name, TEXT);
  return {
    text: `EXISTS (SELECT 1 FROM experiment_tags AS t WHERE t.experiment_id = experiments.experiment_id AND t.key = ? AND ${condition.text})`,
    values: [name.key, ...condition.values],
  };
}

/** What an order needs: joins, and terms that put numbers first, then NaN, then what is missing. */
export interface CompiledOrder {
  readonly joins: readonly Sql[];
  readonly terms: readonly string[];
}

export function compileRunOrder(orders: readonly Order[]): CompiledOrder {
  const joins: Sql[] = [];
  const terms: string[] = [];
  const seen = new Set<string>();
  for (const { name, descending } of orders) {
    const id = `${name.entity}.${name.key}`;
    if (seen.has(id)) throw invalid(`\`order_by\` contains duplicate fields: '${id}'.`, name);
    seen.add(id);
    const direction = descending ? 'DESC' : 'ASC';
    const alias = `o${terms.length}`;
    switch (name.entity) {
      case 'metric':
        joins.push({
          text: `LEFT JOIN metrics AS ${alias} ON ${alias}.run_key = runs.run_key AND ${alias}.name = ?`,
          values: [name.key],
        });
        terms.push(`${alias}.run_key IS NULL, ${alias}.last_value IS NULL, ${alias}.last_value ${direction}`);
        break;
      case 'param':
      case 'tag':
        joins.push({
          text: `LEFT JOIN ${name.entity}s AS ${alias} ON ${alias}.run_key = runs.run_key AND ${alias}.key = ?`,
          values: [name.key],
        });
        terms.push(`${alias}.value IS NULL, ${alias}.value ${direction}`);
        break;
      case 'attribute': {
        const { sql } = attributeNamed(name, RUN_ATTRIBUTES);
        terms.push(`(${sql}) IS NULL, ${sql} ${direction}`);
        break;
      }
      default:
        throw invalid(`Runs cannot be ordered by a ${name.entity}.`, name);
    }
  }
  return { joins, terms };
}

export function compileExperimentOrder(orders: readonly Order[]): string[] {
  return orders.map(({ name, descending }) => {
    if (name.key === 'experiment_id') return `experiments.experiment_id ${descending ? 'DESC' : 'ASC'}`;
    return `${attributeNamed(name, EXPERIMENT_ATTRIBUTES).sql} ${descending ? 'DESC' : 'ASC'}`;
  });
}

const NUMERIC: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
const TEXT: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE'];
const TEXT_AND_LISTS: readonly Operator[] = [...TEXT, 'IN', 'NOT IN'];

function attribute(clause: Clause, attributes: Attributes, lists: boolean): Sql {
  const { name, operator, value } = clause;
  const { sql, type } = attributeNamed(name, attributes);
  if (type === 'number') {
    if (typeof value !== 'number') {
      throw invalid(`Expected a number for attribute '${name.key}'; it was ${shown(value)}.`, name);
    }
    return compare(`(${sql})`, operator, value, name, NUMERIC);
  }
  const allowed = lists && name.key === 'run_id' ? TEXT_AND_LISTS : TEXT;
  return compare(`(${sql})`, operator, textOf(clause), name, allowed);
}

function attributeNamed(name: Name, attributes: Attributes): Attributes[string] {
  const found = Object.hasOwn(attributes, name.key) ? attributes[name.key] : undefined;
  if (found === undefined || name.entity !== 'attribute') {
    const valid = Object.keys(attributes).filter((key) => /^[a-z_]+$/.test(key));
    throw invalid(
      `Invalid attribute key '${name.key}' specified. Valid keys are '${valid.join("', '")}'.`,
      name,
    );
  }
  return found;
}

function textIn(table: 'params' | 'tags', clause: Clause): Sql {
  const { name, operator } = clause;
  const exists = `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.run_key = runs.run_key AND ${table}.key = ?`;
  if (operator === 'IS NULL') return { text: `NOT ${exists})`, values: [name.key] };
  if (operator === 'IS NOT NULL') return { text: `${exists})`, values: [name.key] };
  const condition = compare(`${table}.value`, operator, textOf(clause), name, TEXT);
  return { text: `${exists} AND ${condition.text})`, values: [name.key, ...condition.values] };
}

function within(table: string, column: string, key: string, condition: Sql): Sql {
  return {
    text: `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.run_key = runs.run_key AND ${table}.${column} = ? AND ${condition.text})`,
    values: [key, ...condition.values],
  };
}

function compare(
  sql: string,
  operator: Operator,
  value: Clause['value'],
  name: Name,
  allowed: readonly Operator[],
): Sql {
  if (!allowed.includes(operator)) {
    throw invalid(
      `'${operator}' cannot be used with ${name.entity} '${name.key}'. Use ${allowed.join(', ')}.`,
      name,
    );
  }
  if (operator === 'IN' || operator === 'NOT IN') {
    const list = Array.isArray(value) ? value : [];
    return { text: `${sql} ${operator} (SELECT value FROM json_each(?))`, values: [JSON.stringify(list)] };
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw invalid(`'${operator}' needs a value.`, name);
  }
  switch (operator) {
    case 'LIKE':
      // GLOB is SQLite's comparison that heeds upper and lower case.
      return { text: `${sql} GLOB ?`, values: [globOf(String(value))] };
    case 'ILIKE':
      return { text: `${sql} LIKE ?`, values: [value] };
    default:
      return { text: `${sql} ${operator} ?`, values: [value] };
  }
}

function globOf(like: string): string {
  return like.replaceAll(/[*?[\]%_]/g, (character) => {
    if (character === '%') return '*';
    if (character === '_') return '?';
    return character === ']' ? ']' : `[${character}]`;
  });
}

function textOf({ name, value }: Clause): string | readonly string[] {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value;
  throw invalid(`Expected a quoted string for ${name.entity} '${name.key}'; it was ${shown(value)}.`, name);
}

function shown(value: Clause['value']): string {
  return value === null ? 'missing' : JSON.stringify(value);
}

function invalid(message: string, name: Name): UserError {
  return new UserError('invalid', `${message} (column ${name.at + 1})`);
}
