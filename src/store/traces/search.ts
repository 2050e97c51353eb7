import { ASSESSMENT_KINDS, type AssessmentKind } from '../../model/trace';
import type { Db } from '../database';
import { type AnyName, type ClauseOn, parseClauses } from '../search/parse';
import { Scanner, type WrittenName } from '../search/scanner';
import {
  NUMERIC,
  type Sql,
  TEXT,
  checkOperator,
  compare,
  compareNumbers,
  compareTexts,
  invalid,
  joined,
  listed,
} from '../search/sql';

export interface TraceSearch {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

export interface TraceSearchStore {
  /** Keys of the traces that match, in order. @throws UserError 'invalid' when the question makes no sense. */
  searchTraceKeys(search: TraceSearch): number[];
}

export function traceSearchStore(db: Db): TraceSearchStore {
  return {
    searchTraceKeys(search) {
      const experiments = listed(search.experimentIds.map(Number));
      const where = joined([
        { text: `traces.experiment_id IN ${experiments.text}`, values: experiments.values },
        ...parseClauses(search.filter, nameOf).map(condition),
      ]);
      const orders = search.orderBy.filter((text) => text.trim() !== '').map(orderOf);
      const order = [
        ...orders.map(({ text }) => text),
        'traces.requested_at DESC, traces.trace_id', // MLflow's ties: the newest first, then by id.
      ].join(', ');
      return db
        .prepare<unknown[], number>(
          `SELECT traces.trace_key FROM traces WHERE ${where.text} ORDER BY ${order} LIMIT ? OFFSET ?`,
        )
        .pluck()
        .all(...where.values, ...orders.flatMap(({ values }) => values), search.limit, search.offset);
    },
  };
}

interface TraceName extends AnyName {
  readonly entity: 'attribute' | 'tag' | 'metadata' | AssessmentKind;
}

type Clause = ClauseOn<TraceName>;

const ENTITIES: Readonly<Record<string, TraceName['entity']>> = {
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  trace: 'attribute',
  tag: 'tag',
  tags: 'tag',
  metadata: 'metadata',
  request_metadata: 'metadata',
  feedback: 'feedback',
  expectation: 'expectation',
  issue: 'issue',
};

const ATTRIBUTES: Readonly<Record<string, { readonly sql: string; readonly type: 'text' | 'number' }>> = {
  request_id: { sql: 'traces.trace_id', type: 'text' },
  trace_id: { sql: 'traces.trace_id', type: 'text' },
  client_request_id: { sql: 'traces.client_request_id', type: 'text' },
  status: { sql: 'traces.state', type: 'text' },
  state: { sql: 'traces.state', type: 'text' },
  name: { sql: valueIn('trace_tags', 'mlflow.traceName'), type: 'text' },
  run_id: { sql: valueIn('trace_metadata', 'mlflow.sourceRun'), type: 'text' },
  experiment_id: { sql: 'traces.experiment_id', type: 'number' },
  timestamp: { sql: 'traces.requested_at', type: 'number' },
  timestamp_ms: { sql: 'traces.requested_at', type: 'number' },
  execution_time: { sql: 'traces.duration_ms', type: 'number' },
  execution_time_ms: { sql: 'traces.duration_ms', type: 'number' },
  end_time: { sql: '(traces.requested_at + coalesce(traces.duration_ms, 0))', type: 'number' },
  end_time_ms: { sql: '(traces.requested_at + coalesce(traces.duration_ms, 0))', type: 'number' },
};

function valueIn(table: 'trace_tags' | 'trace_metadata', key: string): string {
  return `(SELECT t.value FROM ${table} AS t WHERE t.trace_key = traces.trace_key AND t.key = '${key}')`;
}

function nameOf(written: WrittenName, scanner: Scanner): TraceName {
  const { at, key, suffix } = written;
  const kind = (written.entity ?? 'attribute').toLowerCase();
  if (kind === 'span' || (ENTITIES[kind] === 'attribute' && key === 'text')) {
    throw scanner.invalid('The spans of traces are files here, and cannot be searched.', at);
  }
  const entity = Object.hasOwn(ENTITIES, kind) ? ENTITIES[kind] : undefined;
  if (entity === undefined || suffix !== null) {
    throw scanner.invalid(
      `Invalid entity type '${written.entity ?? ''}'. Valid values are ['tag', 'request_metadata', 'attribute', '${ASSESSMENT_KINDS.join("', '")}']`,
      at,
    );
  }
  return { entity, key, at };
}

function condition(clause: Clause): Sql {
  const { name } = clause;
  switch (name.entity) {
    case 'attribute':
      return attributeCondition(clause);
    case 'tag':
      return textIn('trace_tags', clause);
    case 'metadata':
      // A run's traces are those made in it and those that were linked to it.
      return name.key === 'mlflow.sourceRun' ? ofRun(clause) : textIn('trace_metadata', clause);
    case 'issue':
      return assessed({ ...clause, name: { ...name, key: String(clause.value) }, operator: 'IS NOT NULL' });
    case 'feedback':
    case 'expectation':
      return assessed(clause);
  }
}

function attributeCondition(clause: Clause): Sql {
  const { name } = clause;
  if (name.key === 'run_id') return ofRun(clause);
  const { sql, type } = attributeNamed(name);
  if (type === 'text') return text(sql, clause);
  return compareNumbers(sql, clause, `numeric attribute: ${name.key}`);
}

function attributeNamed(name: AnyName): { readonly sql: string; readonly type: 'text' | 'number' } {
  const found = Object.hasOwn(ATTRIBUTES, name.key) ? ATTRIBUTES[name.key] : undefined;
  if (found === undefined) {
    throw invalid(
      `Invalid attribute key '${name.key}' specified. Valid keys are '${Object.keys(ATTRIBUTES).join("', '")}'`,
      name,
    );
  }
  return found;
}

function ofRun(clause: Clause): Sql {
  const made = text(valueIn('trace_metadata', 'mlflow.sourceRun'), clause);
  if (clause.operator !== '=') return made;
  return {
    text: `(${made.text} OR EXISTS (SELECT 1 FROM trace_runs AS r WHERE r.trace_key = traces.trace_key AND r.run_id = ?))`,
    values: [...made.values, String(clause.value)],
  };
}

function textIn(table: 'trace_tags' | 'trace_metadata', clause: Clause): Sql {
  const exists = `EXISTS (SELECT 1 FROM ${table} AS t WHERE t.trace_key = traces.trace_key AND t.key = ?`;
  const { key } = clause.name;
  if (clause.operator === 'IS NULL') return { text: `NOT ${exists})`, values: [key] };
  if (clause.operator === 'IS NOT NULL') return { text: `${exists})`, values: [key] };
  const value = text('t.value', clause);
  return { text: `${exists} AND ${value.text})`, values: [key, ...value.values] };
}

/** Values of assessments are JSON: texts compare as they are, true and false by these words. */
function assessed(clause: Clause): Sql {
  const { name, operator, value } = clause;
  const exists = `EXISTS (SELECT 1 FROM assessments AS a WHERE a.trace_key = traces.trace_key AND a.kind = '${name.entity}'
    AND a.name = ? AND a.valid = 1`;
  if (operator === 'IS NULL') return { text: `NOT ${exists})`, values: [name.key] };
  if (operator === 'IS NOT NULL') return { text: `${exists})`, values: [name.key] };
  const path = `'$.${name.entity}.value'`;
  const json = `coalesce(json_extract(a.content, ${path}), json_extract(a.content, '$.expectation.serialized_value.value'))`;
  const isNumber = `json_type(a.content, ${path}) IN ('integer', 'real')`;
  let matches: Sql;
  if (typeof value === 'number') {
    const compared = compare(json, clause, NUMERIC);
    matches = { text: `${isNumber} AND ${compared.text}`, values: compared.values };
  } else {
    checkOperator(clause, TEXT);
    const words = `CASE json_type(a.content, ${path}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(${json} AS TEXT) END`;
    matches = text(words, clause);
  }
  return { text: `${exists} AND ${matches.text})`, values: [name.key, ...matches.values] };
}

function text(sql: string, clause: Clause): Sql {
  return compareTexts(sql, clause, clause.name.entity);
}

/** `timestamp_ms DESC`, an attribute, a tag or metadata. */
function orderOf(written: string): Sql {
  const direction = /\s+(asc|desc)\s*$/i.exec(written);
  const descending = direction?.[1]?.toLowerCase() === 'desc';
  const scanner = new Scanner(
    direction === null ? written : written.slice(0, direction.index),
    'order_by clause',
  );
  const name = nameOf(scanner.takeName(), scanner);
  if (!scanner.isAtEnd()) throw scanner.invalid(`Invalid order_by clause '${written}'.`, scanner.at);
  const suffix = `${descending ? 'DESC' : 'ASC'} NULLS LAST`;
  switch (name.entity) {
    case 'attribute':
      return { text: `${attributeNamed(name).sql} ${suffix}`, values: [] };
    case 'tag':
    case 'metadata': {
      const table = name.entity === 'tag' ? 'trace_tags' : 'trace_metadata';
      return {
        text: `(SELECT t.value FROM ${table} AS t WHERE t.trace_key = traces.trace_key AND t.key = ?) ${suffix}`,
        values: [name.key],
      };
    }
    default:
      throw invalid(`Traces cannot be ordered by ${name.entity}.`, name);
  }
}
