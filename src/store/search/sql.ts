import type { AnyName, ClauseOn, Operator } from './parse';
import { UserError } from '../../base/errors';

type AnyClause = ClauseOn<AnyName>;

/** A piece of SQL with the values for its question marks, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

// These two are written as the indexes of migration 0002 have them, letter for letter.
/** When a run started; one that has not started yet is the newest. */
export const START = 'coalesce(runs.started_at, 9223372036854775807)';
/** 1 for a deleted run, else 0. */
export const IS_DELETED = '(runs.deleted_at IS NOT NULL)';
/** By how many characters texts are indexed. */
export const PREFIX = 64;

export const NUMERIC: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
export const TEXT: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE'];
export const TEXT_AND_LISTS: readonly Operator[] = [...TEXT, 'IN', 'NOT IN'];
export const TEXT_AND_NULL: readonly Operator[] = [...TEXT, 'IS NULL', 'IS NOT NULL'];

const LONGEST_PATTERN = 40_000; // SQLite takes patterns of 50,000 bytes.

export function joined(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.length === 0 ? 'TRUE' : conditions.map(({ text }) => text).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** A list as one value: `column IN ${listed(values).text}`. */
export function listed(values: readonly (string | number)[]): Sql {
  return { text: '(SELECT value FROM json_each(?))', values: [JSON.stringify(values)] };
}

/** `sql operator value`, the value bound. @throws UserError 'invalid' for an operator that is not allowed here. */
export function compare(sql: string, clause: AnyClause, allowed: readonly Operator[]): Sql {
  const { operator, value, name } = clause;
  checkOperator(clause, allowed);
  if (operator === 'IN' || operator === 'NOT IN') {
    const list = listed(Array.isArray(value) ? value : []);
    return { text: `${sql} ${operator} ${list.text}`, values: list.values };
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw invalid(`'${operator}' needs a value.`, name);
  }
  switch (operator) {
    case 'LIKE':
      // GLOB is SQLite's comparison that heeds upper and lower case.
      return { text: `${sql} GLOB ?`, values: [pattern(globOf(String(value)), name)] };
    case 'ILIKE':
      return { text: `${sql} LIKE ?`, values: [pattern(String(value), name)] };
    default:
      return { text: `${sql} ${operator} ?`, values: [value] };
  }
}

/** `sql operator value` for a text or a list of texts. @param what whose value it is, for messages; '' for nobody's. */
export function compareTexts(sql: string, clause: AnyClause, what: string): Sql {
  checkOperator(clause, TEXT_AND_LISTS);
  if (!Array.isArray(clause.value)) {
    const whose = what === '' ? '' : ` for ${what}`;
    checkText(clause, (shown) => `Expected a quoted string value${whose}. Got value ${shown}`);
  }
  return compare(sql, clause, TEXT_AND_LISTS);
}

/** The same for a number. */
export function compareNumbers(sql: string, clause: AnyClause, what: string): Sql {
  checkOperator(clause, NUMERIC);
  if (typeof clause.value !== 'number') {
    const whose = what === '' ? '' : ` for ${what}`;
    throw invalid(`Expected numeric value type${whose}. Found '${String(clause.value)}'`, clause.name);
  }
  return compare(sql, clause, NUMERIC);
}

export function checkOperator({ operator, name }: AnyClause, allowed: readonly Operator[]): void {
  if (allowed.includes(operator)) return;
  throw invalid(
    `Invalid comparator '${operator}' not one of '{${allowed.map((one) => `'${one}'`).join(', ')}}' for ${name.entity} '${name.key}'`,
    name,
  );
}

/** What a pattern of LIKE certainly begins with. */
export function literalStart(like: string): string {
  return /^[^%_]*/.exec(like)?.[0] ?? '';
}

/** The range of texts that begin with `start`, for an index. */
export function startingWith(sql: string, start: string): Sql {
  const short = [...start].slice(0, PREFIX).join('');
  return { text: `${sql} >= ? AND ${sql} < ?`, values: [short, `${short}\u{10FFFF}`] };
}

/** Whether a text matches a clause, for values that are few and known. */
export function textMatches(text: string, { operator, value }: AnyClause): boolean {
  switch (operator) {
    case '=':
      return text === value;
    case '!=':
      return text !== value;
    case 'LIKE':
    case 'ILIKE': {
      const source = String(value)
        .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      return new RegExp(`^${source}$`, operator === 'ILIKE' ? 'is' : 's').test(text);
    }
    default:
      return false;
  }
}

/** @throws UserError 'invalid' unless the value of the clause is a text. */
export function checkText({ name, value }: AnyClause, message: (shown: string) => string): void {
  if (typeof value === 'string') return;
  throw invalid(message(Array.isArray(value) ? `(${value.join(', ')})` : String(value)), name);
}

export function invalid(message: string, name: AnyName): UserError {
  return new UserError('invalid', `${message} (column ${name.at + 1})`);
}

function pattern(text: string, name: AnyName): string {
  if (text.length > LONGEST_PATTERN) {
    throw invalid(`The pattern for '${name.key}' is longer than ${LONGEST_PATTERN} characters.`, name);
  }
  return text;
}

function globOf(like: string): string {
  return like.replaceAll(/[*?[%_]/g, (character) => {
    if (character === '%') return '*';
    return character === '_' ? '?' : `[${character}]`;
  });
}
