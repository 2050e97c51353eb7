import { assertNever } from '../../base/errors';
import { RUN_STATES, toMlflowStatus } from '../../model/run';
import { ARTIFACT_URI, RUN_ATTRIBUTES, type RunAttribute, attributeNamed } from './attributes';
import type { MetricResolver } from './metricValues';
import type { Clause } from './parse';
import {
  IS_DELETED,
  NUMERIC,
  PREFIX,
  START,
  type Sql,
  TEXT,
  TEXT_AND_LISTS,
  TEXT_AND_NULL,
  checkOperator,
  checkText,
  compare,
  invalid,
  listed,
  literalStart,
  startingWith,
  textMatches,
} from './sql';

export interface Driver extends Sql {
  /** Each entry costs a look into the table beside the index: SQLite does so for an index of computed values. */
  readonly isSlow?: boolean;
}

/** What a run must fulfil to be found. Every value is bound. */
export interface Condition extends Sql {
  /**
   * A SELECT of run_key, each once, that reads an index and finds every run that fulfils the condition (and perhaps
   * more): a search may begin with it. Null when it would have to look at everything.
   */
  readonly driver: Driver | null;
  /** The share of runs that is taken to fulfil it when it has no driver; absent: half of them. */
  readonly share?: number;
  /** The metric that a run must have a value of, for this condition to hold. */
  readonly metric?: string;
}

/**
 * The condition of a clause on runs. It stands where `runs` is a table of the statement. Parts in other tables are
 * looked up by a subquery for one value and not by EXISTS, which SQLite would turn into a join in an order that it
 * chooses by itself.
 * @throws UserError 'invalid' naming what is wrong and where.
 */
export function runCondition(clause: Clause, resolve: MetricResolver): Condition {
  switch (clause.name.entity) {
    case 'metric':
      return metricCondition(clause, resolve);
    case 'param':
      return textCondition('params', clause);
    case 'tag':
      return textCondition('tags', clause);
    case 'dataset':
      return datasetCondition(clause);
    case 'attribute':
      return attributeCondition(clause, attributeNamed(clause.name, RUN_ATTRIBUTES));
    default:
      return assertNever(clause.name.entity);
  }
}

function metricCondition(clause: Clause, resolve: MetricResolver): Condition {
  const { name, value } = clause;
  checkOperator(clause, NUMERIC);
  if (typeof value !== 'number') {
    throw invalid(`Expected numeric value type for metric. Found '${String(value)}'`, name);
  }
  const metric = resolve(name);
  const condition = compare(metric.sql('metrics'), clause, NUMERIC);
  // An unequal value says little; then at least only runs with the metric are looked at.
  const isRange = metric.indexed !== null && clause.operator !== '!=';
  return {
    text: `(SELECT ${condition.text} FROM metrics WHERE metrics.run_key = runs.run_key AND metrics.name = ?)`,
    values: [...condition.values, metric.key],
    driver: {
      text: `SELECT metrics.run_key FROM metrics WHERE metrics.name = ?${isRange ? ` AND ${condition.text}` : ''}`,
      values: [metric.key, ...(isRange ? condition.values : [])],
    },
    metric: metric.key,
  };
}

/** Params and tags. */
function textCondition(table: 'params' | 'tags', clause: Clause): Condition {
  const { name, operator, value } = clause;
  checkOperator(clause, TEXT_AND_NULL);
  const from = `FROM ${table} WHERE ${table}.run_key = runs.run_key AND ${table}.key = ?`;
  const ofKey: Sql = {
    text: `SELECT ${table}.run_key FROM ${table} WHERE ${table}.key = ?`,
    values: [name.key],
  };
  if (operator === 'IS NULL') return { text: `(SELECT 1 ${from}) IS NULL`, values: [name.key], driver: null };
  if (operator === 'IS NOT NULL') return { text: `(SELECT 1 ${from})`, values: [name.key], driver: ofKey };
  checkText(
    clause,
    (shown) =>
      `Expected a quoted string value for ${name.entity === 'param' ? 'parameter' : 'tag'} (e.g. 'my-value'). Got value ${shown}`,
  );
  const condition = compare(`${table}.value`, clause, TEXT);
  return {
    text: `(SELECT ${condition.text} ${from})`,
    values: [...condition.values, name.key],
    driver: narrowed(ofKey, `${table}.start`, operator, String(value)),
  };
}

/** A driver that reads only the texts that an equality or the start of a pattern leave. */
function narrowed(all: Sql, indexed: string, operator: Clause['operator'], value: string): Driver {
  if (operator === '=') {
    return {
      text: `${all.text} AND ${indexed} = substr(?, 1, ${PREFIX})`,
      values: [...all.values, value],
      isSlow: true,
    };
  }
  const start = operator === 'LIKE' ? literalStart(value) : '';
  if (start === '') return all;
  const range = startingWith(indexed, start);
  return { text: `${all.text} AND ${range.text}`, values: [...all.values, ...range.values], isSlow: true };
}

function datasetCondition(clause: Clause): Condition {
  const { name, operator, value } = clause;
  if (!['name', 'digest', 'context'].includes(name.key)) {
    throw invalid(
      `Invalid dataset key '${name.key}' specified. Valid keys are '{'name', 'digest', 'context'}'`,
      name,
    );
  }
  checkOperator(clause, TEXT_AND_LISTS);
  if (!Array.isArray(value)) {
    checkText(clause, (shown) => `Expected a quoted string value for dataset attributes. Got value ${shown}`);
  }
  const condition = compare(`inputs.${name.key}`, clause, TEXT_AND_LISTS);
  const isNamed = name.key === 'name' && ['=', 'IN'].includes(operator);
  return {
    text: `(SELECT count(*) FROM inputs WHERE inputs.run_key = runs.run_key AND ${condition.text}) > 0`,
    values: condition.values,
    driver: isNamed
      ? {
          text: `SELECT DISTINCT inputs.run_key FROM inputs WHERE ${condition.text}`,
          values: condition.values,
        }
      : null,
  };
}

function attributeCondition(clause: Clause, attribute: RunAttribute): Condition {
  const { name, operator, value } = clause;
  if (attribute === 'start_time' || attribute === 'end_time') {
    checkOperator(clause, NUMERIC);
    if (typeof value !== 'number') {
      throw invalid(
        `Expected numeric value type for numeric attribute: ${name.key}. Found '${String(value)}'`,
        name,
      );
    }
    if (attribute === 'end_time') return { ...compare('runs.ended_at', clause, NUMERIC), driver: null };
    const condition = compare(START, clause, NUMERIC);
    const driver = `SELECT runs.run_key FROM runs WHERE ${IS_DELETED} IN (0, 1) AND ${condition.text}`;
    return { ...condition, driver: operator === '!=' ? null : { text: driver, values: condition.values } };
  }
  checkOperator(clause, TEXT_AND_LISTS);
  if (Array.isArray(value)) {
    if (attribute !== 'run_id') {
      throw invalid(
        `Only ['run_id'] attributes support comparison with a list of quoted string values. '${name.key}' does not.`,
        name,
      );
    }
    const ids = listed(value);
    return {
      text: `runs.run_id ${operator} ${ids.text}`,
      values: ids.values,
      driver:
        operator === 'IN'
          ? { text: `SELECT run_key FROM runs WHERE run_id IN ${ids.text}`, values: ids.values }
          : null,
    };
  }
  checkText(clause, (shown) => `Expected a quoted string value for attributes. Got value ${shown}`);
  const all: Sql = { text: 'SELECT run_key FROM runs WHERE TRUE', values: [] };
  switch (attribute) {
    case 'run_id':
    case 'run_name': {
      const column = attribute === 'run_id' ? 'runs.run_id' : 'runs.name';
      const condition = compare(column, clause, TEXT);
      const start = operator === 'LIKE' ? literalStart(String(value)) : '';
      if (operator === '=') return { ...condition, driver: narrowedBy(all, condition) };
      return {
        ...condition,
        driver: start === '' ? null : narrowedBy(all, startingWith(column, start)),
      };
    }
    case 'status': {
      const states = RUN_STATES.filter((state) => textMatches(toMlflowStatus(state), clause));
      if (states.length === RUN_STATES.length) return { text: 'TRUE', values: [], driver: null, share: 1 };
      const condition = { text: `runs.state IN ('${states.join("', '")}')`, values: [] };
      return { ...condition, driver: narrowedBy(all, condition) };
    }
    case 'user_id':
      return { ...compare('runs.user_id', clause, TEXT), driver: null };
    case 'artifact_uri':
      return { ...compare(`(${ARTIFACT_URI})`, clause, TEXT), driver: null };
    default:
      return assertNever(attribute);
  }
}

function narrowedBy(all: Sql, condition: Sql): Sql {
  return { text: `${all.text} AND ${condition.text}`, values: [...all.values, ...condition.values] };
}
