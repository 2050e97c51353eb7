import { type FilterEntity, type FilterName, entityOf, nameFor, nameOf } from './filter/names';
import { type FilterToken, tokensOf } from './filter/tokens';
import { readNumber, writeDuration } from './filter/values';
import type { Column } from './table';

/* What a box for filters needs: pieces to colour, what stands before the cursor, and clauses that are written. */

export { parseFilter } from './filter/parse';
export { columnOf, nameFor } from './filter/names';
export { type FilterToken, tokensOf } from './filter/tokens';

/** What is being typed at a place of a filter. `from` to `to` is what a completion would replace. */
export type FilterContext =
  /** The beginning of a clause: an entity, an attribute, or a word that names contain. */
  | { readonly kind: 'start'; readonly typed: string; readonly from: number; readonly to: number }
  /** After `metrics.` and the like: a key. */
  | {
      readonly kind: 'key';
      readonly entity: FilterEntity;
      readonly typed: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'operator';
      readonly name: FilterName;
      readonly typed: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'value';
      readonly name: FilterName;
      readonly operator: string;
      readonly typed: string;
      readonly from: number;
      readonly to: number;
    }
  /** After a clause: and, or. */
  | { readonly kind: 'logic'; readonly typed: string; readonly from: number; readonly to: number };

/** What is being typed at `cursor` (characters counted from 0). */
export function contextAt(filter: string, cursor: number): FilterContext {
  // What comes after the cursor says nothing of what is being typed, but belongs to the piece that is replaced.
  const before = tokensOf(filter.slice(0, cursor));
  const last = before.at(-1);
  const isInside = last !== undefined && last.to === cursor && !isDone(last, filter, cursor);
  const done = isInside ? before.slice(0, -1) : before;
  const typed = isInside ? last : null;
  const from = typed?.from ?? cursor;
  const to = Math.max(cursor, tokensOf(filter).find((one) => one.from === from)?.to ?? cursor);
  const place = { typed: typed?.text ?? '', from, to };
  const previous = done.at(-1);

  if (previous?.kind === 'name' && !isFlagAlone(previous)) {
    const name = nameOf(previous.source);
    if (typeof name !== 'string') return { kind: 'operator', name, ...place };
  }
  const list = listBefore(done);
  const operator = list ?? (previous?.kind === 'operator' ? previous : undefined);
  if (operator !== undefined && !operator.text.endsWith('NULL')) {
    const owner = done[done.indexOf(operator) - 1];
    const name = owner === undefined ? '' : nameOf(owner.source);
    if (typeof name !== 'string') return { kind: 'value', name, operator: operator.text, ...place };
  }
  const isJoint =
    previous !== undefined && ['value', 'word', 'close', 'name', 'operator'].includes(previous.kind);
  if (isJoint && (typed === null || typed.kind === 'logic' || /^(a|an|o|n|no)$/i.test(typed.text))) {
    return { kind: 'logic', ...place };
  }
  return startOf(filter, place);
}

/** A clause that compares a column, or the run's name, with a value; quoted so that it is read as it is meant. */
export function clauseFor(
  column: Column | { readonly kind: 'name' },
  operator: '=' | '!=' | '<' | '<=' | '>' | '>=' | '~',
  value: number | string | null,
): string {
  const name = nameFor(column);
  if (value === null) return operator === '!=' ? `${name} IS NOT NULL` : `${name} IS NULL`;
  if (column.kind === 'attribute') {
    if (column.name === 'duration') return `${name} ${operator} ${writeDuration(Number(value))}`;
    if (column.name === 'started' || column.name === 'ended') {
      return `${name} ${operator} ${new Date(Number(value)).toISOString()}`;
    }
    if (column.name === 'state' || column.name === 'dirty') return `${name} ${operator} ${value}`;
    if (column.name === 'cost' || column.name === 'energy') return `${name} ${operator} ${value}`;
  }
  if (column.kind === 'metric' || typeof value === 'number') return `${name} ${operator} ${value}`;
  const isOrder = operator !== '=' && operator !== '!=' && operator !== '~';
  if (isOrder && readNumber(value) !== null) return `${name} ${operator} ${value}`;
  return `${name} ${operator} '${value.replaceAll("'", "''")}'`;
}

/** The filter with a clause more; one that has it already stays as it is. */
export function withClause(filter: string, clause: string): string {
  if (partsOf(filter).some((part) => isSame(part.source, clause))) return filter;
  const left = filter.trim();
  if (left === '') return clause;
  return hasOr(left) ? `(${left}) and ${guarded(clause)}` : `${left} and ${guarded(clause)}`;
}

/** The filter without a clause that is joined to the others by `and`; unchanged when there is none. */
export function withoutClause(filter: string, clause: string): string {
  const parts = partsOf(filter);
  const rest = parts.filter((part) => !isSame(part.source, clause));
  if (rest.length === parts.length) return filter;
  return rest.map(({ source }) => source).join(' and ');
}

/** Whether a clause is one of those that the filter joins by `and`. */
export function hasClause(filter: string, clause: string): boolean {
  return partsOf(filter).some((part) => isSame(part.source, clause));
}

function startOf(
  filter: string,
  place: { readonly typed: string; readonly from: number; readonly to: number },
): FilterContext {
  const { from, to } = place;
  const typed = filter.slice(from, to).slice(0, Math.max(0, place.typed.length));
  const dot = typed.indexOf('.');
  const entity = dot < 0 ? null : entityOf(typed.slice(0, dot));
  if (entity === null || entity === 'attribute') return { kind: 'start', ...place };
  const key = typed.slice(dot + 1).replace(/^[`'"]/, '');
  return { kind: 'key', entity, typed: key, from, to };
}

/** Whether the piece that ends at the cursor is over: a closed quote, a parenthesis, an operator of signs. */
function isDone(token: FilterToken, filter: string, cursor: number): boolean {
  if (token.isOpen) return false;
  switch (token.kind) {
    case 'open':
    case 'close':
    case 'comma':
      return true;
    case 'operator':
      return !/\w$/.test(token.source) && !/[=<>~]/.test(filter.charAt(cursor));
    case 'value':
    case 'word':
      return token.isQuoted;
    default:
      return false;
  }
}

function isFlagAlone(token: FilterToken): boolean {
  return /^(starred|archived)$/i.test(token.source);
}

/** The IN whose list is still open at the end of the pieces. */
function listBefore(tokens: readonly FilterToken[]): FilterToken | undefined {
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined || !token.isListed || token.kind === 'close') {
      const isIn = token?.kind === 'operator' && (token.text === 'IN' || token.text === 'NOT IN');
      return isIn && i < tokens.length - 1 ? token : undefined;
    }
  }
  return undefined;
}

/** The parts that `and` joins at the top; the whole filter as one when an `or` does. */
function partsOf(filter: string): { readonly source: string }[] {
  const tokens = tokensOf(filter);
  if (tokens.length === 0) return [];
  if (hasOr(filter)) return [{ source: filter.trim() }];
  const parts: { source: string }[] = [];
  let depth = 0;
  let from: number | null = null;
  let to = 0;
  const flush = () => {
    if (from !== null) parts.push({ source: filter.slice(from, to) });
    from = null;
  };
  let previous: FilterToken | undefined;
  for (const token of tokens) {
    const isTop = depth === 0 && !token.isListed;
    if (isTop && token.kind === 'logic' && token.text === 'AND') flush();
    else {
      // Words that stand side by side are joined as well.
      if (isTop && previous !== undefined && beginsPart(token, previous)) flush();
      from ??= token.from;
      to = token.to;
    }
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth--;
    previous = token;
  }
  flush();
  return parts;
}

function beginsPart(token: FilterToken, previous: FilterToken): boolean {
  const ends = ['value', 'word', 'close'].includes(previous.kind) || previous.text.endsWith('NULL');
  const begins =
    ['name', 'word', 'open'].includes(token.kind) || (token.kind === 'logic' && token.text === 'NOT');
  return ends && begins;
}

function hasOr(filter: string): boolean {
  let depth = 0;
  for (const token of tokensOf(filter)) {
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth--;
    if (depth === 0 && token.kind === 'logic' && token.text === 'OR') return true;
  }
  return false;
}

function guarded(clause: string): string {
  return hasOr(clause) ? `(${clause})` : clause;
}

function isSame(a: string, b: string): boolean {
  const plain = (filter: string) =>
    JSON.stringify(tokensOf(filter).map(({ kind, text, source }) => [kind, kind === 'name' ? source : text]));
  return plain(a) === plain(b);
}
