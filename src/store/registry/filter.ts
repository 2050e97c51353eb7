import { UserError } from '../../base/errors';
import { PROMPT_TAG } from '../../model/modelVersion';
import type { Sql } from '../search/sql';
import { type Clause, type Operator, parseFilter, parseOrder } from '../search/parse';

/** What of a thing of the registry can be searched and ordered by, as SQL. */
export interface Searchable {
  /** Attribute → its expression, its type, and whether it may be looked for in a list. */
  readonly attributes: Readonly<
    Record<string, { readonly sql: string; readonly type: 'text' | 'number'; readonly lists?: boolean }>
  >;
  /** Attribute → expression. */
  readonly orders: Readonly<Record<string, string>>;
  /** The expressions that decide between equals, unless an order names them. */
  readonly ties: readonly { readonly sql: string; readonly descending: boolean }[];
  /** What MLflow says of a name that cannot be ordered by, with the name in the place of `%s`. */
  readonly unknownOrder: string;
  /** The start of an EXISTS on a tag; `AND …` and a parenthesis follow. It has a `?` for the tag's key. */
  readonly tag: string;
  /** Whether the row belongs to a prompt. */
  readonly isPrompt: string;
}

const NUMERIC: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
const TEXT: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE'];
const LISTS: readonly Operator[] = ['IN', 'NOT IN'];

/**
 * A filter as conditions, joined by AND, every value bound. Prompts are left out unless the filter asks for them:
 * MLflow's clients say ``tag.`mlflow.prompt.is_prompt` != 'true'`` of models, which have no such tag, so this one
 * comparison is about what the row is and not about the tag.
 * @throws UserError 'invalid' in MLflow's words.
 */
export function compileFilter(filter: string | undefined, searchable: Searchable): Sql {
  const clauses = parseFilter(filter ?? '');
  const conditions: Sql[] = [];
  const wantsPrompts = asksForPrompts(clauses);
  if (!wantsPrompts) conditions.push({ text: `NOT ${searchable.isPrompt}`, values: [] });
  for (const clause of clauses) {
    const { name } = clause;
    if (name.entity === 'attribute') conditions.push(attributeIs(clause, searchable));
    else if (name.entity !== 'tag') {
      throw invalid(
        `Invalid entity type '${name.entity}'. Valid entity types are ('attribute', 'tag', 'tags')`,
      );
    } else {
      const condition = tagIs(clause, searchable);
      if (wantsPrompts || name.key !== PROMPT_TAG) conditions.push(condition);
    }
  }
  return {
    text: conditions.length === 0 ? 'TRUE' : conditions.map(({ text }) => text).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** The terms of an ORDER BY. @throws UserError 'invalid' in MLflow's words. */
export function compileOrder(orderBy: readonly string[], searchable: Searchable): string {
  if (orderBy.length > 50) throw invalid('`order_by` has more than 50 entries.');
  const terms = new Map<string, boolean>();
  for (const text of orderBy) {
    const { name, descending } = parseOrder(text);
    if (name.key.includes(' ')) throw invalid(`Invalid ordering key in order_by clause '${text}'.`);
    const sql = Object.hasOwn(searchable.orders, name.key) ? searchable.orders[name.key] : undefined;
    if (sql === undefined || name.entity !== 'attribute') {
      throw invalid(searchable.unknownOrder.replace('%s', () => name.key));
    }
    if (terms.has(sql)) throw invalid(`\`order_by\` contains duplicate fields: ${orderBy.join(', ')}`);
    terms.set(sql, descending);
  }
  for (const { sql, descending } of searchable.ties) if (!terms.has(sql)) terms.set(sql, descending);
  return [...terms].map(([sql, descending]) => `${sql} ${descending ? 'DESC' : 'ASC'}`).join(', ');
}

/** As in MLflow the first clause on the tag decides. */
function asksForPrompts(clauses: readonly Clause[]): boolean {
  const clause = clauses.find(({ name }) => name.entity === 'tag' && name.key === PROMPT_TAG);
  if (clause === undefined || typeof clause.value !== 'string') return false;
  const value = clause.value.toLowerCase();
  return (clause.operator === '=' && value === 'true') || (clause.operator === '!=' && value === 'false');
}

function attributeIs({ name, operator, value }: Clause, { attributes }: Searchable): Sql {
  const found = Object.hasOwn(attributes, name.key) ? attributes[name.key] : undefined;
  if (found === undefined) {
    const valid = Object.keys(attributes).join("', '");
    throw invalid(`Invalid attribute key '${name.key}' specified. Valid keys are '${valid}'`);
  }
  if (LISTS.includes(operator) && found.lists !== true) {
    const listed = Object.keys(attributes).filter((key) => attributes[key]?.lists === true);
    throw invalid(
      `Only ['${listed.join("', '")}'] attributes support comparison with a list of quoted string values.`,
    );
  }
  if (found.type === 'number') {
    if (!NUMERIC.includes(operator)) {
      throw invalid(`Invalid comparator for attribute ${name.key}: ${operator}`);
    }
    const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
      throw invalid(`Invalid value for numeric attribute '${name.key}': ${shown(value)}`);
    }
    return { text: `${found.sql} ${operator} ?`, values: [number] };
  }
  if (![...TEXT, ...LISTS].includes(operator)) {
    throw invalid(`Invalid comparator for attribute: ${operator}`);
  }
  if (typeof value === 'number' || value === null) {
    throw invalid(
      `Expected a quoted string value or a list of quoted string values for attributes. Got value ${shown(value)}`,
    );
  }
  return compareText(found.sql, operator, value);
}

function tagIs({ name, operator, value }: Clause, { tag }: Searchable): Sql {
  if (!TEXT.includes(operator)) throw invalid(`Invalid comparator for tag: ${operator}`);
  if (typeof value !== 'string') {
    throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${shown(value)}`);
  }
  const { text, values } = compareText('t.value', operator, value);
  return { text: `${tag} AND ${text})`, values: [name.key, ...values] };
}

function compareText(sql: string, operator: Operator, value: string | readonly string[]): Sql {
  if (typeof value !== 'string') {
    return { text: `${sql} ${operator} (SELECT value FROM json_each(?))`, values: [JSON.stringify(value)] };
  }
  // GLOB is SQLite's comparison that heeds upper and lower case.
  if (operator === 'LIKE') return { text: `${sql} GLOB ?`, values: [globOf(value)] };
  if (operator === 'ILIKE') return { text: `${sql} LIKE ?`, values: [value] };
  return { text: `${sql} ${operator} ?`, values: [value] };
}

function globOf(like: string): string {
  return like.replaceAll(/[*?[%_]/g, (character) => {
    if (character === '%') return '*';
    return character === '_' ? '?' : `[${character}]`;
  });
}

function shown(value: Clause['value']): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'nothing');
}

function invalid(message: string): UserError {
  return new UserError('invalid', message);
}
