import { UserError } from '../../base/errors';

/** A word of a filter. `at` is its place in the text, for messages. */
export type Token = {
  readonly kind: 'word' | 'string' | 'quotedName' | 'number' | 'operator' | 'mark';
  readonly text: string;
  readonly at: number;
};

/** Longer filters are no question of a person's. */
const LONGEST = 100_000;

// One alternative a kind, in this order: "quoted" (a name or a value, by its place), 'value', `name`, number,
// operator, word (dots, dashes and slashes as MLflow's names have), mark.
const PATTERN =
  /\s*(?:("(?:[^"\\]|\\.)*")|('(?:[^'\\]|\\.)*')|(`[^`]*`)|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))|(!=|<>|<=|>=|=|<|>)|([\w/][\w/\-]*)|([().,]))/y;

/**
 * Cuts a filter of MLflow's search grammar into words. It is written by hand since MLflow's own parser is a
 * Python library (sqlparse) and npm has none for this grammar.
 * @throws UserError 'invalid' with the column where it makes no sense.
 */
export function tokenize(text: string): Token[] {
  if (text.length > LONGEST)
    throw new UserError('invalid', `The filter is longer than ${LONGEST} characters.`);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < end) {
    const from = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (match === null) {
      const at = from + (text.slice(from).length - text.slice(from).trimStart().length);
      throw new UserError(
        'invalid',
        `Invalid clause(s) in filter string: '${text.slice(at, at + 40)}' at column ${at + 1}.`,
      );
    }
    const [, double, single, tick, number, operator, word, mark] = match;
    const at = PATTERN.lastIndex - match[0].trimStart().length;
    if (double !== undefined) tokens.push({ kind: 'string', text: double, at });
    else if (single !== undefined) tokens.push({ kind: 'string', text: single, at });
    else if (tick !== undefined) tokens.push({ kind: 'quotedName', text: tick, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else tokens.push({ kind: 'mark', text: mark ?? '', at });
  }
  return tokens;
}

/** The text between the quotes or backticks of a token. */
export function unquoted(text: string): string {
  return /^["'`]/.test(text) ? text.slice(1, -1) : text;
}
