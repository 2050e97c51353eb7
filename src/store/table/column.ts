import { readNumber } from '../../model/filter/values';

/**
 * A column of all runs of the store, in arrays that are indexed by the runs' keys: so it is sorted, filtered and
 * grouped by without asking the store again.
 */
export type ColumnData = NumberColumn | TextColumn;

/** Numbers, NaN among them. */
export class NumberColumn {
  readonly kind = 'numbers';
  /** Counts the changes of values. */
  version = 0;
  private values: Float64Array;
  private there: Uint8Array;

  constructor(keyCount: number) {
    this.values = new Float64Array(keyCount);
    this.there = new Uint8Array(keyCount);
  }

  isThere(key: number): boolean {
    return this.there[key] === 1;
  }

  /** Of a run that has none it means nothing. */
  number(key: number): number {
    return this.values[key] ?? Number.NaN;
  }

  set(key: number, value: number | null): void {
    if (key >= this.values.length) this.grow(key);
    const there = value === null ? 0 : 1;
    if (this.there[key] === there && (value === null || Object.is(this.values[key], value))) return;
    this.there[key] = there;
    this.values[key] = value ?? 0;
    this.version++;
  }

  get sizeBytes(): number {
    return this.values.byteLength + this.there.byteLength;
  }

  private grow(key: number): void {
    const length = Math.ceil(key * 1.25) + 16;
    const values = new Float64Array(length);
    values.set(this.values);
    this.values = values;
    const there = new Uint8Array(length);
    there.set(this.there);
    this.there = there;
  }
}

/** Texts, each different one kept once. Code 0 is a run that has none. */
export class TextColumn {
  readonly kind = 'texts';
  version = 0;
  /** The texts by their codes. */
  readonly texts: string[] = [''];
  private codes: Int32Array;
  private readonly codeOf = new Map<string, number>();
  private known: { readonly count: number; readonly numbers: Float64Array } | null = null;
  private sorted: { readonly count: number; readonly ranks: Int32Array } | null = null;
  private textBytes = 0;

  constructor(keyCount: number) {
    this.codes = new Int32Array(keyCount);
  }

  isThere(key: number): boolean {
    return this.code(key) !== 0;
  }

  code(key: number): number {
    return this.codes[key] ?? 0;
  }

  text(key: number): string {
    return this.texts[this.code(key)] ?? '';
  }

  set(key: number, text: string | null): void {
    if (key >= this.codes.length) {
      const codes = new Int32Array(Math.ceil(key * 1.25) + 16);
      codes.set(this.codes);
      this.codes = codes;
    }
    let code = 0;
    if (text !== null) {
      const known = this.codeOf.get(text);
      code = known ?? this.texts.length;
      if (known === undefined) {
        this.codeOf.set(text, code);
        this.texts.push(text);
        this.textBytes += 2 * text.length + 60; // And what an entry of the map takes.
      }
    }
    if (this.codes[key] === code) return;
    this.codes[key] = code;
    this.version++;
  }

  /** By code: the number that the text is, NaN for one that is none. */
  numbers(): Float64Array {
    const { length } = this.texts;
    if (this.known?.count !== length) {
      const numbers = Float64Array.from(this.texts, (text) => readNumber(text) ?? Number.NaN);
      this.known = { count: length, numbers };
    }
    return this.known.numbers;
  }

  /** By code: where the text stands among all of them in order. */
  ranks(): Int32Array {
    const { length } = this.texts;
    if (this.sorted?.count !== length) {
      const { texts } = this;
      const order = Array.from(texts.keys()).sort((a, b) => compareTexts(texts[a] ?? '', texts[b] ?? ''));
      const ranks = new Int32Array(length);
      for (const [rank, code] of order.entries()) ranks[code] = rank;
      this.sorted = { count: length, ranks };
    }
    return this.sorted.ranks;
  }

  get sizeBytes(): number {
    return this.codes.byteLength + this.textBytes + 12 * this.texts.length;
  }
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
