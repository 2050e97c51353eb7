import { UserError } from '../../base/errors';

/** A name as it was written: its parts are split at the first dot, as MLflow does. */
export interface WrittenName {
  /** What stands before the first dot; null when there is none. */
  readonly entity: string | null;
  readonly key: string;
  /** Whether the key was in quotes or backticks. */
  readonly isQuoted: boolean;
  /** What follows a quoted key after a dot, such as `max` in metrics.`val loss`.max; null when nothing does. */
  readonly suffix: string | null;
  readonly at: number;
}

/** A value as it was written. A word is one without quotes, which only messages have a use for. */
export type WrittenValue =
  | { readonly kind: 'text'; readonly text: string; readonly source: string; readonly at: number }
  | { readonly kind: 'number'; readonly number: number; readonly source: string; readonly at: number }
  | { readonly kind: 'word'; readonly source: string; readonly at: number };

/** Longer filters are no question of a person's. */
const LONGEST = 100_000;

const SPACE = /\s*/y;
// A doubled quote stands for one. As in MLflow a backslash keeps the quote behind it from ending the text, and stays.
const SINGLE = /'((?:''|\\'|[^'])*)'/y;
const DOUBLE = /"((?:""|\\"|[^"])*)"/y;
const TICKS = /`([^`]*)`/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y;
// The comparisons first: what follows one of them may begin with a sign of its own, as in <-1.
const OPERATOR = /!=|<>|<=|>=|==|[=<>](?![=<>!~])|[=<>!~^|&+*/%?@#:-]+/y;
// Of names that are not quoted: everything but space and what ends a name. The first part ends at a dot too.
const FIRST_PART = /[^\s.,()=<>!~'"`;]+/y;
const BARE_KEY = /[^\s,()=<>!~'"`;]+/y;
const WORD = /[^\s,()=<>!~;]+/y;

/**
 * Reads a filter or an order of MLflow's search grammar piece by piece. It is written by hand since MLflow's own
 * parser is a Python library (sqlparse) and npm has none for this grammar.
 */
export class Scanner {
  private position = 0;

  /** @param what 'filter string' or 'order_by clause', for messages. */
  constructor(
    readonly source: string,
    private readonly what: 'filter string' | 'order_by clause' = 'filter string',
  ) {
    if (source.length > LONGEST) {
      throw new UserError('invalid', `The ${what} is longer than ${LONGEST} characters.`);
    }
    this.skipSpace();
  }

  /** Where the next piece begins, counted from 0. */
  get at(): number {
    return this.position;
  }

  isAtEnd(): boolean {
    return this.position >= this.source.length;
  }

  /** Takes a word such as AND, in any case, when it comes next. */
  takeWord(word: string): boolean {
    const end = this.position + word.length;
    if (this.source.slice(this.position, end).toUpperCase() !== word) return false;
    if (end < this.source.length && /[\w.]/.test(this.source[end] ?? '')) return false;
    this.moveTo(end);
    return true;
  }

  takeMark(mark: string): boolean {
    if (!this.source.startsWith(mark, this.position)) return false;
    this.moveTo(this.position + mark.length);
    return true;
  }

  takeOperator(): string | null {
    return this.take(OPERATOR)?.[0] ?? null;
  }

  /** @throws UserError 'invalid' when no name comes next. */
  takeName(): WrittenName {
    const at = this.position;
    if (this.peek(NUMBER) !== null) {
      throw this.invalid(`Invalid comparison clause. Expected 'Identifier' found '${this.rest()}'`, at);
    }
    const quoted = this.takeQuotedName();
    const first = quoted ?? this.takeTight(FIRST_PART)?.[0];
    if (first === undefined) throw this.invalidClause(at);
    if (this.source[this.position] !== '.') {
      this.skipSpace();
      return { entity: null, key: first, isQuoted: quoted !== null, suffix: null, at };
    }
    this.position++;
    const key = this.takeTight(SINGLE)?.[1] ?? this.takeQuotedName();
    if (key === null) {
      const bare = this.take(BARE_KEY)?.[0];
      if (bare === undefined) throw this.invalidClause(at);
      return { entity: first, key: bare, isQuoted: false, suffix: null, at };
    }
    let suffix: string | null = null;
    if (this.source[this.position] === '.') {
      this.position++;
      suffix = this.takeTight(BARE_KEY)?.[0] ?? '';
    }
    this.skipSpace();
    return { entity: first, key, isQuoted: true, suffix, at };
  }

  /** @throws UserError 'invalid' when no value comes next. */
  takeValue(): WrittenValue {
    const at = this.position;
    const text = this.takeQuotedText();
    if (text !== null) {
      const source = this.source.slice(at, this.position);
      this.skipSpace();
      return { kind: 'text', text, source, at };
    }
    const number = this.take(NUMBER)?.[0];
    if (number !== undefined) return { kind: 'number', number: Number(number), source: number, at };
    const word = this.take(WORD)?.[0];
    if (word === undefined || /['"]/.test(word)) throw this.invalidClause(at);
    return { kind: 'word', source: word, at };
  }

  /** Up to here, or 40 characters from `at`, for messages. */
  rest(at = this.position): string {
    const end = this.source.indexOf(' ', at);
    return this.source.slice(at, Math.min(end < 0 ? this.source.length : end, at + 40));
  }

  invalidClause(at = this.position): UserError {
    if (this.source[at] === ';') {
      return this.invalid(
        `Search filter contained multiple expression '${this.source}'. Provide AND-ed expression list.`,
        at,
      );
    }
    const isEnd = at >= this.source.length;
    const shown = isEnd ? this.source.trim().slice(-40) : this.source.slice(at, at + 40);
    return this.invalid(`Invalid clause(s) in ${this.what}: '${shown}'${isEnd ? ' ends too early' : ''}`, at);
  }

  invalid(message: string, at: number): UserError {
    return new UserError('invalid', `${message} (column ${at + 1})`);
  }

  private takeQuotedText(): string | null {
    const single = this.takeTight(SINGLE)?.[1];
    if (single !== undefined) return single.replaceAll("''", "'");
    return this.takeTight(DOUBLE)?.[1]?.replaceAll('""', '"') ?? null;
  }

  private takeQuotedName(): string | null {
    return this.takeTight(DOUBLE)?.[1] ?? this.takeTight(TICKS)?.[1] ?? null;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    const match = this.takeTight(pattern);
    if (match !== null) this.skipSpace();
    return match;
  }

  /** Takes a piece without the space behind it. */
  private takeTight(pattern: RegExp): RegExpExecArray | null {
    const match = this.peek(pattern);
    if (match !== null) this.position = pattern.lastIndex;
    return match;
  }

  private peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    return pattern.exec(this.source);
  }

  private skipSpace(): void {
    this.moveTo(this.position);
  }

  private moveTo(position: number): void {
    SPACE.lastIndex = position;
    SPACE.exec(this.source);
    this.position = SPACE.lastIndex;
  }
}
