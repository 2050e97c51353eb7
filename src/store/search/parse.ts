import { UserError } from '../../base/errors';
import { type Token, tokenize, unquoted } from './tokens';

export type Entity = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';
export type Operator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';

export interface Name {
  readonly entity: Entity;
  readonly key: string;
  readonly at: number;
}

/** One comparison of a filter; the clauses of a filter are joined by AND. */
export interface Clause {
  readonly name: Name;
  readonly operator: Operator;
  readonly value: number | string | readonly string[] | null;
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

/** Reads a filter of MLflow's search grammar. @throws UserError 'invalid' naming what and where. */
export function parseFilter(text: string): Clause[] {
  const tokens = tokenize(text);
  const reader = new Reader(tokens, text);
  const clauses: Clause[] = [];
  while (!reader.isAtEnd()) {
    if (clauses.length > 0) reader.takeWord('AND');
    clauses.push(readClause(reader));
    if (clauses.length > 1000) throw new UserError('invalid', 'The filter has more than 1000 clauses.');
  }
  return clauses;
}

/** Reads one entry of an order_by list: a name and perhaps ASC or DESC. */
export function parseOrder(text: string): Order {
  const direction = /\s+(asc|desc)\s*$/i.exec(text);
  const nameText = direction === null ? text : text.slice(0, direction.index);
  // "Run Name" and "Created" stand alone, with a space in them.
  const plain = /^[A-Za-z]+ [A-Za-z]+$/.exec(nameText.trim());
  const reader = new Reader(plain === null ? tokenize(nameText) : [], text);
  const name: Name = plain === null ? readName(reader) : { entity: 'attribute', key: plain[0], at: 0 };
  if (!reader.isAtEnd()) throw reader.invalid(`Invalid order_by clause '${text}'.`);
  return { name, descending: direction?.[1]?.toLowerCase() === 'desc' };
}

class Reader {
  private position = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  isAtEnd(): boolean {
    return this.position >= this.tokens.length;
  }
  peek(): Token | undefined {
    return this.tokens[this.position];
  }
  take(): Token {
    const token = this.tokens[this.position++];
    if (token === undefined) throw this.invalid(`The filter string ends too early: '${this.source}'.`);
    return token;
  }
  isWord(word: string): boolean {
    const token = this.peek();
    return token?.kind === 'word' && token.text.toUpperCase() === word;
  }
  takeWord(word: string): void {
    const token = this.take();
    if (token.kind !== 'word' || token.text.toUpperCase() !== word) {
      throw this.invalid(`Invalid clause(s) in filter string: '${token.text}' at column ${token.at + 1}.`);
    }
  }
  isMark(mark: string): boolean {
    const token = this.peek();
    return token?.kind === 'mark' && token.text === mark;
  }
  takeMark(mark: string): void {
    const token = this.take();
    if (token.kind !== 'mark' || token.text !== mark) {
      throw this.invalid(`Expected '${mark}' but found '${token.text}' at column ${token.at + 1}.`);
    }
  }
  invalid(message: string): UserError {
    return new UserError('invalid', message);
  }
}

function readName(reader: Reader): Name {
  const first = reader.take();
  if (first.kind === 'mark' || first.kind === 'operator') {
    throw reader.invalid(`Invalid clause(s) in filter string: '${first.text}' at column ${first.at + 1}.`);
  }
  if (!reader.isMark('.')) return { entity: 'attribute', key: unquoted(first.text), at: first.at };
  reader.takeMark('.');
  const kind = first.text.toLowerCase();
  const entity = Object.hasOwn(ENTITIES, kind) ? ENTITIES[kind] : undefined;
  if (entity === undefined) {
    throw reader.invalid(
      `Invalid entity type '${first.text}' at column ${first.at + 1}. Valid values are metric, param, tag, attribute, dataset.`,
    );
  }
  // The split is at the first dot: a bare key may hold more of them, such as tags.mlflow.user.
  let token = reader.take();
  let key = unquoted(token.text);
  while (token.kind !== 'string' && token.kind !== 'quotedName' && reader.isMark('.')) {
    reader.takeMark('.');
    token = reader.take();
    key += `.${token.text}`;
  }
  return { entity, key, at: first.at };
}

function readClause(reader: Reader): Clause {
  const name = readName(reader);
  const operator = readOperator(reader);
  switch (operator) {
    case 'IS NULL':
    case 'IS NOT NULL':
      return { name, operator, value: null };
    case 'IN':
    case 'NOT IN':
      return { name, operator, value: readList(reader) };
    default: {
      const token = reader.take();
      if (token.kind === 'string') return { name, operator, value: unquoted(token.text) };
      if (token.kind === 'number') return { name, operator, value: Number(token.text) };
      throw reader.invalid(
        `Expected a quoted string or a number but found '${token.text}' at column ${token.at + 1}.`,
      );
    }
  }
}

function readOperator(reader: Reader): Operator {
  const token = reader.take();
  if (token.kind === 'operator') return token.text === '<>' ? '!=' : (token.text as Operator);
  switch (token.kind === 'word' ? token.text.toUpperCase() : '') {
    case 'LIKE':
      return 'LIKE';
    case 'ILIKE':
      return 'ILIKE';
    case 'IN':
      return 'IN';
    case 'NOT':
      reader.takeWord('IN');
      return 'NOT IN';
    case 'IS': {
      const isNot = reader.isWord('NOT');
      if (isNot) reader.takeWord('NOT');
      reader.takeWord('NULL');
      return isNot ? 'IS NOT NULL' : 'IS NULL';
    }
    default:
      throw reader.invalid(`'${token.text}' at column ${token.at + 1} is not a comparison.`);
  }
}

function readList(reader: Reader): string[] {
  const values: string[] = [];
  reader.takeMark('(');
  while (!reader.isMark(')')) {
    const token = reader.take();
    if (token.kind !== 'string') {
      throw reader.invalid(`A list holds quoted strings, not '${token.text}' at column ${token.at + 1}.`);
    }
    values.push(unquoted(token.text));
    if (!reader.isMark(')')) reader.takeMark(',');
  }
  reader.takeMark(')');
  if (values.length === 0) throw reader.invalid('A list must have at least one value.');
  return values;
}
