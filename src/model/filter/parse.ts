import { UserError } from '../../base/errors';
import { RUN_STATES } from '../run';
import { ATTRIBUTE_TYPES, type FilterName, nameOf } from './names';
import { type FilterToken, tokensOf } from './tokens';
import { readAnyNumber, readDuration, readNumber, readStretch } from './values';

/** What a filter says, as a tree. What a run does not have fulfils no clause but `IS NULL`; `not` is the complement. */
export type FilterNode =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode }
  | { readonly kind: 'word'; readonly text: string }
  | FilterClause;

export interface FilterClause {
  readonly kind: 'clause';
  readonly name: FilterName;
  readonly test: FilterTest;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What is asked of the value. */
export type FilterTest =
  | { readonly kind: 'number'; readonly operator: Comparison; readonly number: number }
  /** Of times: a day is a stretch; greater is after it, `>=` from its beginning. Epoch milliseconds. */
  | {
      readonly kind: 'stretch';
      readonly operator: Comparison;
      readonly from: number;
      readonly to: number;
      /** Whether it follows from the moment at which it was read. */
      readonly isRelative: boolean;
    }
  | {
      readonly kind: 'text';
      readonly operator: '=' | '!=' | 'LIKE' | 'ILIKE' | '~' | '!~';
      readonly text: string;
    }
  | { readonly kind: 'list'; readonly isIn: boolean; readonly texts: readonly string[] }
  | { readonly kind: 'flag'; readonly isTrue: boolean }
  | { readonly kind: 'there'; readonly isThere: boolean };

const LONGEST = 100_000;
const MOST_CLAUSES = 1_000;
const DEEPEST = 100;

/**
 * Reads a filter of Winnow's search language; '' is all.
 * @param now for times such as -2d, in epoch milliseconds.
 * @throws UserError 'invalid' that says at which column what was expected.
 */
export function parseFilter(filter: string, now: number): FilterNode {
  if (filter.length > LONGEST) {
    throw new UserError('invalid', `The filter is longer than ${LONGEST} characters.`);
  }
  return new Parser(filter, now).read();
}

class Parser {
  private readonly tokens: readonly FilterToken[];
  private next = 0;
  private clauses = 0;

  constructor(
    private readonly filter: string,
    private readonly now: number,
  ) {
    this.tokens = tokensOf(filter);
  }

  read(): FilterNode {
    if (this.tokens.length === 0) return { kind: 'all', parts: [] };
    const node = this.any(0);
    const rest = this.tokens[this.next];
    if (rest !== undefined) {
      throw this.expected(rest.kind === 'close' ? 'no ) that was not opened' : 'and, or, or the end', rest);
    }
    return node;
  }

  private any(depth: number): FilterNode {
    if (depth > DEEPEST) throw new UserError('invalid', `The filter nests more than ${DEEPEST} parentheses.`);
    const parts = [this.all(depth)];
    while (this.takeLogic('OR')) parts.push(this.all(depth));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'any', parts };
  }

  private all(depth: number): FilterNode {
    // As in MLflow an AND too many does no harm: filters are often put together by programs.
    while (this.takeLogic('AND'));
    const parts = [this.not(depth)];
    for (;;) {
      const hasAnd = this.takeLogic('AND');
      while (this.takeLogic('AND'));
      const token = this.tokens[this.next];
      const goesOn =
        token !== undefined && token.kind !== 'close' && !(token.kind === 'logic' && token.text === 'OR');
      if (!goesOn) {
        if (hasAnd && token !== undefined && token.kind === 'logic') throw this.expected('a clause', token);
        break;
      }
      parts.push(this.not(depth));
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', parts };
  }

  private not(depth: number): FilterNode {
    let isNot = false;
    while (this.takeLogic('NOT')) isNot = !isNot;
    const part = this.primary(depth);
    return isNot ? { kind: 'not', part } : part;
  }

  private primary(depth: number): FilterNode {
    const token = this.tokens[this.next];
    if (token === undefined) throw this.expected('a clause such as metrics.loss < 0.3', token);
    this.next++;
    if (++this.clauses > MOST_CLAUSES) {
      throw new UserError('invalid', `The filter has more than ${MOST_CLAUSES} clauses.`);
    }
    if (token.isOpen) throw this.expected(`a closing ${token.source.charAt(0)}`, token);
    switch (token.kind) {
      case 'open': {
        const node = this.any(depth + 1);
        const close = this.tokens[this.next];
        if (close?.kind !== 'close') throw this.expected('a closing )', close);
        this.next++;
        return node;
      }
      case 'word':
        return { kind: 'word', text: token.text };
      case 'name':
        return this.clause(token);
      default:
        throw this.expected('a name, a word or (', token);
    }
  }

  private clause(token: FilterToken): FilterClause {
    const name = nameOf(token.source);
    if (typeof name === 'string') throw this.expected(name, token);
    const operator = this.tokens[this.next];
    if (operator?.kind !== 'operator') {
      const isFlag = name.kind === 'attribute' && ATTRIBUTE_TYPES[name.name] === 'flag';
      if (isFlag) return { kind: 'clause', name, test: { kind: 'flag', isTrue: true } };
      throw this.expected(`an operator after ${token.source}`, operator);
    }
    this.next++;
    return { kind: 'clause', name, test: this.test(name, operator) };
  }

  private test(name: FilterName, token: FilterToken): FilterTest {
    const operator = token.text === '==' ? '=' : token.text === '<>' ? '!=' : token.text;
    switch (operator) {
      case 'IS NULL':
      case 'IS NOT NULL':
        return { kind: 'there', isThere: operator === 'IS NOT NULL' };
      case 'IN':
      case 'NOT IN':
        return this.list(name, operator === 'IN', token);
      case 'IS':
      case 'IS NOT':
        throw this.expected('NULL', this.tokens[this.next]);
      case 'NOT LIKE':
      case 'NOT ILIKE':
        throw this.expected('not before the name: not name LIKE …', token);
      default:
    }
    const value = this.tokens[this.next];
    if (value?.kind !== 'value') throw this.expected(`a value after ${token.source}`, value);
    if (value.isOpen) throw this.expected(`a closing ${value.source.charAt(0)}`, value);
    this.next++;
    return this.compared(name, operator, token, value);
  }

  private compared(name: FilterName, operator: string, at: FilterToken, value: FilterToken): FilterTest {
    const type = typeOf(name);
    const comparison = comparisonOf(operator);
    switch (type) {
      case 'metric':
      case 'number':
      case 'duration': {
        if (comparison === null) throw this.expected('one of = != < <= > >=', at);
        const number = type === 'duration' ? readDuration(value.text) : readAnyNumber(value.text);
        if (number === null) {
          throw this.expected(type === 'duration' ? 'a duration such as 90s or 1h30m' : 'a number', value);
        }
        return { kind: 'number', operator: comparison, number };
      }
      case 'instant': {
        if (comparison === null) throw this.expected('one of = != < <= > >=', at);
        const stretch = readStretch(value.text, this.now);
        if (stretch === null) {
          throw this.expected('a time such as 2026-11-25, 2026-11-25T14:30, today or -2d', value);
        }
        const isRelative = /^(-|now|today|yesterday)/i.test(value.text);
        return { kind: 'stretch', operator: comparison, ...stretch, isRelative };
      }
      case 'flag': {
        if (operator !== '=' && operator !== '!=') throw this.expected('= or !=', at);
        const isTrue = /^(true|yes|1)$/i.test(value.text);
        if (!isTrue && !/^(false|no|0)$/i.test(value.text)) throw this.expected('true or false', value);
        return { kind: 'flag', isTrue: isTrue === (operator === '=') };
      }
      case 'text':
      case 'either':
      case 'state':
      case 'status': {
        const number = value.isQuoted ? null : readNumber(value.text);
        if (type === 'either' && number !== null && comparison !== null) {
          return { kind: 'number', operator: comparison, number };
        }
        if (!isTextOperator(operator)) {
          if (comparison === null)
            throw this.expected('one of = != < <= > >= ~ !~ LIKE ILIKE IN IS NULL', at);
          throw this.expected(
            type === 'either'
              ? 'a number without quotes, since < and > compare numbers'
              : 'one of = != ~ !~ LIKE ILIKE IN',
            type === 'either' ? value : at,
          );
        }
        if (type === 'state' && (operator === '=' || operator === '!=')) this.checkState(value);
        return { kind: 'text', operator, text: value.text };
      }
    }
  }

  private list(name: FilterName, isIn: boolean, at: FilterToken): FilterTest {
    const type = typeOf(name);
    if (type !== 'text' && type !== 'either' && type !== 'state' && type !== 'status') {
      throw this.expected('one of = != < <= > >=', at);
    }
    const open = this.tokens[this.next];
    if (open?.kind !== 'open') throw this.expected("a list such as ('one', 'other')", open);
    this.next++;
    const texts: string[] = [];
    for (;;) {
      const value = this.tokens[this.next];
      if (value?.kind !== 'value' || value.isOpen) throw this.expected('a value of the list', value);
      if (type === 'state') this.checkState(value);
      texts.push(value.text);
      this.next++;
      const after = this.tokens[this.next];
      this.next++;
      if (after?.kind === 'close') return { kind: 'list', isIn, texts };
      if (after?.kind !== 'comma') throw this.expected('a comma or )', after);
    }
  }

  private checkState(value: FilterToken): void {
    if (!RUN_STATES.some((state) => state === value.text)) {
      throw this.expected(`a state: ${RUN_STATES.join(', ')}`, value);
    }
  }

  private takeLogic(word: 'AND' | 'OR' | 'NOT'): boolean {
    const token = this.tokens[this.next];
    if (token?.kind !== 'logic' || token.text !== word) return false;
    this.next++;
    return true;
  }

  private expected(what: string, token: FilterToken | undefined): UserError {
    const at = token?.from ?? this.filter.trimEnd().length;
    const found = token === undefined ? 'the filter ends' : `there is ${shortened(token.source)}`;
    return new UserError('invalid', `Expected ${what}; ${found} (column ${at + 1}).`);
  }
}

type ValueType = 'metric' | 'either' | (typeof ATTRIBUTE_TYPES)[keyof typeof ATTRIBUTE_TYPES];

function typeOf(name: FilterName): ValueType {
  switch (name.kind) {
    case 'metric':
      return 'metric';
    case 'param':
    case 'tag':
      return 'either';
    case 'dataset':
      return 'text';
    case 'attribute':
      return ATTRIBUTE_TYPES[name.name];
  }
}

const COMPARISONS: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];

function comparisonOf(operator: string): Comparison | null {
  return COMPARISONS.find((one) => one === operator) ?? null;
}

function isTextOperator(operator: string): operator is '=' | '!=' | 'LIKE' | 'ILIKE' | '~' | '!~' {
  return ['=', '!=', 'LIKE', 'ILIKE', '~', '!~'].includes(operator);
}

function shortened(source: string): string {
  return source.length > 40 ? `${source.slice(0, 40)}…` : source;
}
