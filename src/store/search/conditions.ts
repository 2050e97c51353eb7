import { UserError } from '../../base/errors';
import type { Sql } from './compile';
import type { Clause, Operator } from './parse';

/* Comparisons of a filter as SQL, for things that are no runs. Every value is bound. */

/** Which operators text can be compared with. */
export const TEXT: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE'];
export const TEXT_AND_LISTS: readonly Operator[] = [...TEXT, 'IN', 'NOT IN'];
const NUMERIC: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];

/** A text column or expression compared as the clause says. @throws UserError 'invalid'. */
export function textCondition(
  sql: string,
  clause: Clause,
  allowed: readonly Operator[] = TEXT_AND_LISTS,
): Sql {
  const { operator, value } = clause;
  checkOperator(clause, allowed);
  if (operator === 'IN' || operator === 'NOT IN') {
    if (!Array.isArray(value)) throw wrongValue(clause, 'a list of quoted strings');
    return { text: `${sql} ${operator} (SELECT value FROM json_each(?))`, values: [JSON.stringify(value)] };
  }
  if (typeof value !== 'string') throw wrongValue(clause, 'a quoted string');
  // GLOB is SQLite's comparison that heeds upper and lower case.
  if (operator === 'LIKE') return { text: `${sql} GLOB ?`, values: [globOf(value)] };
  return { text: `${sql} ${operator === 'ILIKE' ? 'LIKE' : operator} ?`, values: [value] };
}

/** A column of numbers compared as the clause says. @throws UserError 'invalid'. */
export function numberCondition(sql: string, clause: Clause): Sql {
  checkOperator(clause, NUMERIC);
  if (typeof clause.value !== 'number') throw wrongValue(clause, 'a number');
  return { text: `${sql} ${clause.operator} ?`, values: [clause.value] };
}

/** Conditions that all must hold; none of them: everything. */
export function allOf(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.length === 0 ? 'TRUE' : conditions.map(({ text }) => `(${text})`).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** Conditions of which one must hold. */
export function anyOf(conditions: readonly Sql[]): Sql {
  return {
    text: conditions.map(({ text }) => `(${text})`).join(' OR '),
    values: conditions.flatMap(({ values }) => values),
  };
}

export function invalidClause({ name }: Pick<Clause, 'name'>, message: string): UserError {
  return new UserError('invalid', `${message} (column ${name.at + 1})`);
}

function checkOperator(clause: Clause, allowed: readonly Operator[]): void {
  const { name, operator } = clause;
  if (allowed.includes(operator)) return;
  throw invalidClause(
    clause,
    `Invalid comparison operator for ${name.entity} '${name.key}': '${operator}'. Use ${allowed.join(', ')}.`,
  );
}

function wrongValue(clause: Clause, wanted: string): UserError {
  const { name, value } = clause;
  return invalidClause(
    clause,
    `Expected ${wanted} for ${name.entity} '${name.key}'; it was ${JSON.stringify(value)}.`,
  );
}

function globOf(like: string): string {
  return like.replaceAll(/[*?[\]%_]/g, (character) => {
    if (character === '%') return '*';
    if (character === '_') return '?';
    return character === ']' ? ']' : `[${character}]`;
  });
}
