/**
 * The pieces of a filter in Winnow's search language, read tolerantly: for colouring and completion while it is
 * typed, and for the parser, which refuses what is wrong. docs/search.md has the language.
 */
export type TokenKind =
  /** What is compared: `metrics.loss.best`, `state`. */
  | 'name'
  | 'operator'
  | 'value'
  /** Text that a run's name contains. */
  | 'word'
  /** and, or, not. */
  | 'logic'
  | 'open'
  | 'close'
  | 'comma'
  | 'unknown';

export interface FilterToken {
  readonly kind: TokenKind;
  /** Where it begins, and where what follows begins: characters counted from 0. */
  readonly from: number;
  readonly to: number;
  /** As it was written. */
  readonly source: string;
  /** Without quotes; operators and logic in capitals, with one space between words. */
  readonly text: string;
  readonly isQuoted: boolean;
  /** Whether its quote is not closed. */
  readonly isOpen: boolean;
  /** Whether it stands in the list of an IN. */
  readonly isListed: boolean;
}

const SPACE = /\s*/y;
const BARE = /[^\s,()=<>!~'"`;]+/y;
const SIGN = /!=|<>|<=|>=|==|!~|[=<>~]/y;
const LOGIC = /(and|or|not)(?![^\s()'"`,;])/iy;
const WORD_OPERATOR =
  /(is\s+not\s+null|is\s+null|not\s+in|not\s+like|not\s+ilike|is\s+not|is|in|like|ilike)(?![\w.])/iy;
/** Flags that may stand alone: `starred and metrics.loss < 1`. */
const ALONE = /^(starred|archived)$/i;
const ENTITY =
  /^(metrics?|params?|parameters?|tags?|attributes?|attr|run|datasets?|best|min|max|first|last)\./i;

type Expected = 'operand' | 'operator' | 'value' | 'list' | 'joint';

/** @returns every piece but the space between them, in order. */
export function tokensOf(filter: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let position = 0;
  const state: { expected: Expected } = { expected: 'operand' };

  function skipSpace(): void {
    SPACE.lastIndex = position;
    SPACE.exec(filter);
    position = SPACE.lastIndex;
  }

  function match(pattern: RegExp, at = position): string | null {
    pattern.lastIndex = at;
    return pattern.exec(filter)?.[0] ?? null;
  }

  function add(kind: TokenKind, to: number, more: Partial<FilterToken> = {}): void {
    const source = filter.slice(position, to);
    tokens.push({
      ...{ kind, from: position, to, source, text: source },
      ...{ isQuoted: false, isOpen: false, isListed: false },
      ...more,
    });
    position = to;
  }

  function operand(): void {
    const logic = match(LOGIC);
    if (logic !== null) {
      add('logic', position + logic.length, { text: logic.toUpperCase() });
      state.expected = 'operand';
      return;
    }
    const { to, isQuoted, text, isOpen } = nameAt(filter, position);
    if (to === position) {
      add('unknown', position + 1);
      return;
    }
    SPACE.lastIndex = to;
    SPACE.exec(filter);
    const next = SPACE.lastIndex;
    const isCompared = match(SIGN, next) !== null || match(WORD_OPERATOR, next) !== null;
    const source = filter.slice(position, to);
    if (isCompared || (ENTITY.test(source) && !isQuoted)) {
      add('name', to, { isQuoted, text, isOpen });
      state.expected = 'operator';
      return;
    }
    add(ALONE.test(source) ? 'name' : 'word', to, { isQuoted, text, isOpen });
    state.expected = 'joint';
  }

  function value(isListed: boolean): void {
    const quoted = quotedAt(filter, position);
    if (quoted !== null) add('value', quoted.to, { ...quoted, isQuoted: true, isListed });
    else {
      const bare = match(BARE);
      if (bare === null) add('unknown', position + 1);
      else add('value', position + bare.length, { isListed });
    }
  }

  for (skipSpace(); position < filter.length; skipSpace()) {
    const character = filter.charAt(position);
    switch (state.expected) {
      case 'operator': {
        const sign = match(SIGN) ?? match(WORD_OPERATOR);
        if (sign === null) {
          state.expected = 'joint';
          break;
        }
        const text = sign.toUpperCase().replaceAll(/\s+/g, ' ');
        add('operator', position + sign.length, { text });
        state.expected = text.endsWith('NULL')
          ? 'joint'
          : text === 'IN' || text === 'NOT IN'
            ? 'list'
            : 'value';
        break;
      }
      case 'value':
        // What is missing here is noticed by whoever reads the pieces.
        if (match(LOGIC) !== null || character === ')') state.expected = 'joint';
        else {
          value(false);
          state.expected = 'joint';
        }
        break;
      case 'list':
        if (character === '(') add('open', position + 1, { isListed: true });
        else if (character === ',') add('comma', position + 1, { isListed: true });
        else if (character === ')') {
          add('close', position + 1, { isListed: true });
          state.expected = 'joint';
        } else if (tokens.at(-1)?.kind === 'operator') state.expected = 'joint';
        else value(true);
        break;
      default:
        if (character === '(') {
          add('open', position + 1);
          state.expected = 'operand';
        } else if (character === ')') {
          add('close', position + 1);
          state.expected = 'joint';
        } else operand();
    }
  }
  return tokens;
}

/** A quoted text at a place, its quotes taken off and doubled ones made one; null when there is none. */
export function quotedAt(
  filter: string,
  at: number,
): { readonly to: number; readonly text: string; readonly isOpen: boolean } | null {
  const quote = filter.charAt(at);
  if (quote !== '"' && quote !== "'" && quote !== '`') return null;
  let text = '';
  for (let i = at + 1; i < filter.length; i++) {
    const character = filter.charAt(i);
    if (character !== quote) text += character;
    else if (filter.charAt(i + 1) === quote) {
      text += quote;
      i++;
    } else return { to: i + 1, text, isOpen: false };
  }
  return { to: filter.length, text, isOpen: true };
}

/** A name or a word: bare, quoted, or bare with a quoted part such as metrics.`val loss`.best. */
function nameAt(
  filter: string,
  at: number,
): { readonly to: number; readonly text: string; readonly isQuoted: boolean; readonly isOpen: boolean } {
  const whole = quotedAt(filter, at);
  if (whole !== null) return { ...whole, isQuoted: true };
  BARE.lastIndex = at;
  const bare = BARE.exec(filter)?.[0] ?? '';
  let to = at + bare.length;
  const quoted = bare.endsWith('.') ? quotedAt(filter, to) : null;
  if (quoted === null) return { to, text: bare, isQuoted: false, isOpen: false };
  to = quoted.to;
  if (filter.charAt(to) === '.') {
    BARE.lastIndex = to;
    to += BARE.exec(filter)?.[0].length ?? 0;
  }
  return { to, text: filter.slice(at, to), isQuoted: false, isOpen: quoted.isOpen };
}
