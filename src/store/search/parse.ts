import { UserError } from '../../base/errors';
import { Scanner, type WrittenName, type WrittenValue } from './scanner';

export type Entity = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';
export type Operator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';

/** Which of a metric's values is meant. MLflow knows the last one only. */
export type MetricSummaryName = 'last' | 'best' | 'min' | 'max' | 'first';

export interface Name {
  readonly entity: Entity;
  readonly key: string;
  /** Which value of a metric was asked for; absent: none was, and the last is meant. */
  readonly summary?: MetricSummaryName;
  /**
   * Of a bare name such as metrics.loss.min: what it means when there is no metric called "loss.min". Only the
   * store knows which are there.
   */
  readonly otherwise?: { readonly key: string; readonly summary: MetricSummaryName };
  readonly at: number;
}

/** One comparison of a filter; the clauses of a filter are joined by AND. */
export type Clause = ClauseOn<Name>;

/** A comparison of something that may have names of its own kind. */
export interface ClauseOn<N extends AnyName> {
  readonly name: N;
  readonly operator: Operator;
  readonly value: number | string | readonly string[] | null;
}

export interface AnyName {
  readonly entity: string;
  readonly key: string;
  /** Where it stands, counted from 0. */
  readonly at: number;
}

export interface Order {
  readonly name: Name;
  readonly descending: boolean;
}

const ENTITIES: Readonly<Record<string, Entity>> = {
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

const SUMMARIES: readonly MetricSummaryName[] = ['last', 'best', 'min', 'max', 'first'];
const MOST_CLAUSES = 1000;

/** Reads a filter of MLflow's search grammar. @throws UserError 'invalid' naming what and where. */
export function parseFilter(text: string): Clause[] {
  return parseClauses(text, nameOf);
}

/** Reads a filter whose names `nameOf` understands, or refuses. @throws UserError 'invalid' as `parseFilter`. */
export function parseClauses<N extends AnyName>(
  text: string,
  nameOf: (written: WrittenName, scanner: Scanner) => N,
): ClauseOn<N>[] {
  const scanner = new Scanner(text);
  const clauses: ClauseOn<N>[] = [];
  // As in MLflow an AND too many does no harm: filters are often put together by programs.
  while (scanner.takeWord('AND'));
  while (!scanner.isAtEnd()) {
    clauses.push(readClause(scanner, nameOf));
    if (clauses.length > MOST_CLAUSES) {
      throw new UserError('invalid', `The filter has more than ${MOST_CLAUSES} clauses.`);
    }
    const hasAnd = scanner.takeWord('AND');
    while (scanner.takeWord('AND'));
    if (!hasAnd && !scanner.isAtEnd()) throw scanner.invalidClause();
  }
  return clauses;
}

/** Reads one entry of an order_by list: a name and perhaps ASC or DESC. */
export function parseOrder(text: string): Order {
  const direction = /\s+(asc|desc)\s*$/i.exec(text);
  const written = direction === null ? text : text.slice(0, direction.index);
  const descending = direction?.[1]?.toLowerCase() === 'desc';
  // "Run Name" stands alone, with a space in it.
  if (/^\s*run name\s*$/i.test(written)) {
    return { name: { entity: 'attribute', key: written.trim(), at: 0 }, descending };
  }
  const scanner = new Scanner(written, 'order_by clause');
  if (scanner.isAtEnd()) {
    throw new UserError('invalid', `Invalid order_by clause '${text}'. Could not be parsed.`);
  }
  const name = nameOf(scanner.takeName(), scanner);
  if (!scanner.isAtEnd()) {
    const isOneWord = direction === null && !/\s/.test(written.slice(scanner.at).trim());
    throw scanner.invalid(
      isOneWord
        ? `Invalid ordering key in order_by clause '${text}'.`
        : `Invalid order_by clause '${text}'. Could not be parsed.`,
      scanner.at,
    );
  }
  return { name, descending };
}

function readClause<N extends AnyName>(
  scanner: Scanner,
  nameOf: (written: WrittenName, scanner: Scanner) => N,
): ClauseOn<N> {
  const name = nameOf(scanner.takeName(), scanner);
  const operator = readOperator(scanner);
  switch (operator) {
    case 'IS NULL':
    case 'IS NOT NULL':
      return { name, operator, value: null };
    case 'IN':
    case 'NOT IN':
      return { name, operator, value: readList(scanner) };
    default:
      return { name, operator, value: valueOf(scanner.takeValue(), name, scanner) };
  }
}

function nameOf(written: WrittenName, scanner: Scanner): Name {
  const { at } = written;
  if (written.entity === null) return { entity: 'attribute', key: written.key, at };
  const kind = written.entity.toLowerCase();
  const summary = SUMMARIES.find((one) => one === kind);
  const entity = summary === undefined && Object.hasOwn(ENTITIES, kind) ? ENTITIES[kind] : undefined;
  if (summary === undefined && entity === undefined) {
    throw scanner.invalid(
      `Invalid entity type '${written.entity}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset', '${SUMMARIES.join("', '")}']`,
      at,
    );
  }
  if (written.suffix !== null) {
    const said = SUMMARIES.find((one) => one === written.suffix?.toLowerCase());
    if (entity !== 'metric' || said === undefined) {
      throw scanner.invalid(
        `Invalid clause(s) in filter string: '.${written.suffix}' after '${written.key}'. Only a metric has values to choose from: ${SUMMARIES.join(', ')}.`,
        at,
      );
    }
    return { entity, key: written.key, summary: said, at };
  }
  if (summary !== undefined) return { entity: 'metric', key: written.key, summary, at };
  if (entity === 'metric' && !written.isQuoted) {
    const [, key, said] = /^(.+)\.([a-z]+)$/i.exec(written.key) ?? [];
    const meant = SUMMARIES.find((one) => one === said?.toLowerCase());
    if (key !== undefined && meant !== undefined) {
      return { entity, key: written.key, otherwise: { key, summary: meant }, at };
    }
  }
  return { entity: entity ?? 'metric', key: written.key, at };
}

function readOperator(scanner: Scanner): Operator {
  const { at } = scanner;
  const sign = scanner.takeOperator();
  switch (sign) {
    case null:
      break;
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return sign;
    case '<>':
      return '!=';
    case '==':
      return '=';
    default:
      throw scanner.invalid(
        `Invalid comparator '${sign}' not one of =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT IN, IS NULL, IS NOT NULL`,
        at,
      );
  }
  if (scanner.takeWord('LIKE')) return 'LIKE';
  if (scanner.takeWord('ILIKE')) return 'ILIKE';
  if (scanner.takeWord('IN')) return 'IN';
  if (scanner.takeWord('NOT')) {
    if (scanner.takeWord('IN')) return 'NOT IN';
    throw scanner.invalidClause(at);
  }
  if (scanner.takeWord('IS')) {
    const isNot = scanner.takeWord('NOT');
    if (scanner.takeWord('NULL')) return isNot ? 'IS NOT NULL' : 'IS NULL';
  }
  throw scanner.invalidClause(at);
}

function valueOf(written: WrittenValue, name: AnyName, scanner: Scanner): number | string {
  if (written.kind === 'text') return written.text;
  if (written.kind === 'number') return written.number;
  const { source, at } = written;
  if (name.entity === 'metric') {
    throw scanner.invalid(`Expected numeric value type for metric. Found ${source}`, at);
  }
  if (/^(true|false|null|not|and|or)$/i.test(source)) throw scanner.invalidClause(at);
  throw scanner.invalid(
    `Parameter value is either not quoted or unidentified quote types used for string value ${source}. Use either single or double quotes.`,
    at,
  );
}

function readList(scanner: Scanner): string[] {
  const { at } = scanner;
  const wrong = (what: string) => scanner.invalid(`While parsing a list in the query, expected ${what}`, at);
  if (!scanner.takeMark('(')) throw scanner.invalidClause(at);
  const values: string[] = [];
  while (!scanner.takeMark(')')) {
    if (scanner.isAtEnd()) {
      throw wrong('a non-empty list of string values, but got ill-formed list.');
    }
    const value = scanner.takeValue();
    if (value.kind !== 'text') {
      throw wrong(
        `string value, punctuation, or whitespace, but got different type in list: ${value.source}`,
      );
    }
    values.push(value.text);
    if (!scanner.takeMark(',') && !scanner.source.startsWith(')', scanner.at)) {
      throw wrong('a non-empty list of string values, but got ill-formed list.');
    }
  }
  if (values.length === 0) throw wrong('a non-empty list of string values, but got empty list');
  return values;
}
