import type { Sliced } from '../../base/slices';
import type { FilterName } from '../../model/filter/names';
import type { Comparison, FilterClause, FilterNode, FilterTest } from '../../model/filter/parse';
import type { ColumnData, TextColumn } from './column';
import type { AskedColumn, Columns } from './columns';

/** Whether a run fulfils a filter, by its key. */
export type Predicate = (key: number) => boolean;

export interface FilterDeps {
  readonly columns: Columns;
  /** Keys of the runs with a dataset that a test holds for. */
  readonly withDataset: (
    name: 'name' | 'digest' | 'context',
    matches: (text: string) => boolean,
  ) => Set<number>;
  /** Notes a column that the answer depends on. */
  readonly use: (data: ColumnData, column: AskedColumn) => void;
}

/** Reads the columns that a filter names, and makes a function of it. */
export function* predicateOf(node: FilterNode, deps: FilterDeps): Sliced<Predicate> {
  switch (node.kind) {
    case 'all': {
      const parts: Predicate[] = [];
      for (const part of node.parts) parts.push(yield* predicateOf(part, deps));
      return (key) => parts.every((part) => part(key));
    }
    case 'any': {
      const parts: Predicate[] = [];
      for (const part of node.parts) parts.push(yield* predicateOf(part, deps));
      return (key) => parts.some((part) => part(key));
    }
    case 'not': {
      const part = yield* predicateOf(node.part, deps);
      return (key) => !part(key);
    }
    case 'word': {
      const data = yield* read({ kind: 'name' }, deps);
      return testOf(data, { kind: 'text', operator: '~', text: node.text });
    }
    case 'clause':
      return yield* clauseOf(node, deps);
  }
}

function* clauseOf({ name, test }: FilterClause, deps: FilterDeps): Sliced<Predicate> {
  if (name.kind === 'dataset') {
    const isThere = test.kind === 'there' ? test.isThere : true;
    const found = deps.withDataset(name.name, test.kind === 'there' ? () => true : textTest(test));
    return (key) => found.has(key) === isThere;
  }
  return testOf(yield* read(columnOf(name, deps), deps), test);
}

function columnOf(name: Exclude<FilterName, { kind: 'dataset' }>, { columns }: FilterDeps): AskedColumn {
  if (name.kind !== 'metric') return name;
  const { otherwise } = name;
  // A metric that is really called so wins.
  return otherwise !== null && !columns.isMetric(name.name) ? { kind: 'metric', ...otherwise } : name;
}

function* read(column: AskedColumn, { columns, use }: FilterDeps): Sliced<ColumnData> {
  const data = yield* columns.read(column);
  use(data, column);
  return data;
}

/** What a run has none of fulfils no test but that it is not there; a flag that was never set is false. */
function testOf(data: ColumnData, test: FilterTest): Predicate {
  if (test.kind === 'there') return (key) => data.isThere(key) === test.isThere;
  if (test.kind === 'flag') {
    const isTrue = (key: number) => data.kind === 'texts' && /^(true|yes)$/i.test(data.text(key));
    return (key) => isTrue(key) === test.isTrue;
  }
  if (data.kind === 'numbers') {
    const holds = numberTest(test);
    return (key) => data.isThere(key) && holds(data.number(key));
  }
  return byCode(data, test);
}

/** Each text that occurs is looked at once. */
function byCode(data: TextColumn, test: FilterTest): Predicate {
  const verdicts: boolean[] = [];
  const numbers = test.kind === 'number' ? data.numbers() : null;
  const holdsNumber = numberTest(test);
  const holdsText = textTest(test);
  return (key) => {
    const code = data.code(key);
    if (code === 0) return false;
    const known = verdicts[code];
    if (known !== undefined) return known;
    const number = numbers?.[code];
    const verdict =
      numbers === null
        ? holdsText(data.texts[code] ?? '')
        : number !== undefined && !Number.isNaN(number) && holdsNumber(number);
    verdicts[code] = verdict;
    return verdict;
  };
}

function numberTest(test: FilterTest): (number: number) => boolean {
  if (test.kind === 'number') return comparison(test.operator, test.number, test.number);
  if (test.kind === 'stretch') {
    // The last instant of a day, and an instant itself.
    const last = test.to > test.from ? test.to - 1 : test.to;
    return comparison(test.operator, test.from, last);
  }
  return () => false;
}

/** NaN is equal to NaN when it is asked for, and fulfils nothing else. */
function comparison(operator: Comparison, from: number, last: number): (number: number) => boolean {
  if (Number.isNaN(from)) {
    return operator === '='
      ? (number) => Number.isNaN(number)
      : operator === '!='
        ? (number) => !Number.isNaN(number)
        : () => false;
  }
  switch (operator) {
    case '=':
      return (number) => number >= from && number <= last;
    case '!=':
      return (number) => number < from || number > last;
    case '<':
      return (number) => number < from;
    case '<=':
      return (number) => number <= last;
    case '>':
      return (number) => number > last;
    case '>=':
      return (number) => number >= from;
  }
}

function textTest(test: FilterTest): (text: string) => boolean {
  if (test.kind === 'list') {
    const texts = new Set(test.texts);
    return (text) => texts.has(text) === test.isIn;
  }
  if (test.kind !== 'text') return () => false;
  const { operator, text: wanted } = test;
  switch (operator) {
    case '=':
      return (text) => text === wanted;
    case '!=':
      return (text) => text !== wanted;
    case '~':
    case '!~': {
      const part = wanted.toLowerCase();
      return (text) => text.toLowerCase().includes(part) === (operator === '~');
    }
    case 'LIKE':
      return like(wanted);
    case 'ILIKE': {
      const matches = like(lowerAscii(wanted));
      return (text) => matches(lowerAscii(text));
    }
  }
}

/** A to Z only, as SQLite compares. */
function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * SQL's LIKE without an escape: % is any text, _ one character. By hand, since a regular expression of many % can take
 * for ever; this takes at most the product of both lengths.
 */
function like(pattern: string): (text: string) => boolean {
  const wanted = [...pattern];
  return (text) => {
    const letters = [...text];
    let at = 0;
    let next = 0;
    let star = -1;
    let resume = 0;
    while (at < letters.length) {
      if (wanted[next] === '%') {
        star = next++;
        resume = at;
      } else if (wanted[next] === '_' || (next < wanted.length && wanted[next] === letters[at])) {
        at++;
        next++;
      } else if (star >= 0) {
        next = star + 1;
        at = ++resume;
      } else return false;
    }
    while (wanted[next] === '%') next++;
    return next === wanted.length;
  };
}
