import { describe, expect, test } from 'vitest';
import {
  clauseFor,
  contextAt,
  hasClause,
  parseFilter,
  tokensOf,
  withClause,
  withoutClause,
} from './filterText';

/** What is typed where `|` stands. */
function typing(text: string) {
  const cursor = text.indexOf('|');
  return contextAt(text.replace('|', ''), cursor);
}

const kinds = (filter: string) =>
  tokensOf(filter)
    .map(({ kind, source }) => `${kind}:${source}`)
    .join(' ');

describe('pieces of a filter', () => {
  test.each([
    ['metrics.loss<0.3', 'name:metrics.loss operator:< value:0.3'],
    ["params.opt = 'a b' and brisk", "name:params.opt operator:= value:'a b' logic:and word:brisk"],
    [
      'not (starred or state = failed)',
      'logic:not open:( name:starred logic:or name:state operator:= value:failed close:)',
    ],
    ["tags.team IN ('a', 'b')", "name:tags.team operator:IN open:( value:'a' comma:, value:'b' close:)"],
    ['metrics.`val loss`.best >= -1e-3', 'name:metrics.`val loss`.best operator:>= value:-1e-3'],
    ['started > -2d', 'name:started operator:> value:-2d'],
    ['note is  not null heron', 'name:note operator:is  not null word:heron'],
    ["params.x = 'not closed", "name:params.x operator:= value:'not closed"],
    ['metrics.', 'name:metrics.'],
    ['"brisk heron"', 'word:"brisk heron"'],
    ['metrics.loss < and state = x', 'name:metrics.loss operator:< logic:and name:state operator:= value:x'],
    [')', 'close:)'],
    [';', 'unknown:;'],
  ])('%s', (filter, expected) => expect(kinds(filter)).toBe(expected));

  test('cover the filter whatever is typed', () => {
    const alphabet = [
      'metrics.',
      'loss',
      ' ',
      '<',
      '=',
      "'",
      '"',
      '`',
      '(',
      ')',
      ',',
      'and',
      'IN',
      '0.1',
      '.',
      ';',
      '!',
    ];
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < 2_000; round++) {
      const filter = Array.from({ length: 12 }, () => alphabet[Math.floor(random() * alphabet.length)]).join(
        '',
      );
      let end = 0;
      for (const token of tokensOf(filter)) {
        expect(filter.slice(end, token.from).trim()).toBe('');
        expect(token.to).toBeGreaterThan(token.from);
        end = token.to;
      }
      expect(filter.slice(end).trim()).toBe('');
      for (let cursor = 0; cursor <= filter.length; cursor++) {
        const { from, to } = contextAt(filter, cursor);
        expect(from).toBeLessThanOrEqual(cursor);
        expect(to).toBeGreaterThanOrEqual(cursor);
      }
    }
  });
});

describe('what is being typed', () => {
  test.each([
    ['|', { kind: 'start', typed: '', from: 0, to: 0 }],
    ['met|', { kind: 'start', typed: 'met', from: 0, to: 3 }],
    ['metrics.|', { kind: 'key', entity: 'metric', typed: '', from: 0, to: 8 }],
    ['metrics.val_|', { kind: 'key', entity: 'metric', typed: 'val_', from: 0, to: 12 }],
    ['metrics.va|l_x < 1', { kind: 'key', entity: 'metric', typed: 'va', from: 0, to: 13 }],
    ['params.`learning r|', { kind: 'key', entity: 'param', typed: 'learning r', from: 0 }],
    ['params.lr |', { kind: 'operator', name: { kind: 'param', name: 'lr' }, typed: '' }],
    ['params.lr <= |', { kind: 'value', operator: '<=', typed: '' }],
    ['params.lr = 0.0|', { kind: 'value', operator: '=', typed: '0.0', from: 12, to: 15 }],
    ["params.opt = 'ad|am'", { kind: 'value', typed: 'ad', from: 13, to: 19 }],
    ["tags.team IN ('a', 'b|", { kind: 'value', operator: 'IN', typed: 'b' }],
    ['params.lr = 0.01 |', { kind: 'logic', typed: '' }],
    ['params.lr = 0.01 a|', { kind: 'logic', typed: 'a' }],
    ['params.lr = 0.01 and |', { kind: 'start', typed: '' }],
    ['not (|', { kind: 'start', typed: '' }],
    ['state = f|', { kind: 'value', name: { kind: 'attribute', name: 'state' }, typed: 'f' }],
  ])('%s', (text, expected) => expect(typing(text)).toMatchObject(expected));
});

describe('a clause that is written', () => {
  test.each([
    [clauseFor({ kind: 'param', name: 'lr' }, '=', '0.01'), "params.lr = '0.01'"],
    [clauseFor({ kind: 'param', name: 'lr' }, '<=', '0.01'), 'params.lr <= 0.01'],
    [clauseFor({ kind: 'param', name: 'batch size' }, '=', "it's"), "params.`batch size` = 'it''s'"],
    [
      clauseFor({ kind: 'metric', name: 'val_accuracy', of: 'best' }, '>', 0.9),
      'metrics.val_accuracy.best > 0.9',
    ],
    [clauseFor({ kind: 'metric', name: 'loss.min', of: 'last' }, '>', 0.9), 'metrics.`loss.min` > 0.9'],
    [clauseFor({ kind: 'tag', name: 'team' }, '=', null), 'tags.team IS NULL'],
    [clauseFor({ kind: 'attribute', name: 'duration' }, '>', 90_000), 'duration > 90s'],
    [clauseFor({ kind: 'attribute', name: 'state' }, '=', 'failed'), 'state = failed'],
    [clauseFor({ kind: 'name' }, '~', 'heron'), "name ~ 'heron'"],
  ])('%s', (clause, expected) => expect(clause).toBe(expected));

  test('is read again as it was meant, whatever the name and the value', () => {
    for (const name of ['a b', 'x`y', 'a.b', 'loss.min', "it's", '<b>', 'é🙂', 'and', '"', 'a,b;c']) {
      for (const value of ["'", "''", 'a and b', '0.1', '', '(', '\\']) {
        expect(parseFilter(clauseFor({ kind: 'tag', name }, '=', value), 0)).toEqual({
          kind: 'clause',
          name: { kind: 'tag', name },
          test: { kind: 'text', operator: '=', text: value },
        });
      }
      const read = parseFilter(clauseFor({ kind: 'metric', name, of: 'best' }, '<', 1), 0);
      const meant = read.kind === 'clause' && read.name.kind === 'metric' ? read.name : null;
      expect(meant?.otherwise ?? meant).toMatchObject({ name, of: 'best' });
    }
  });

  test('is added once, and taken away again', () => {
    const clause = "params.opt = 'adam'";
    expect(withClause('', clause)).toBe(clause);
    expect(withClause('metrics.loss < 1', clause)).toBe(`metrics.loss < 1 and ${clause}`);
    expect(withClause(`metrics.loss < 1 and params.opt='adam'`, clause)).toBe(
      `metrics.loss < 1 and params.opt='adam'`,
    );
    expect(withClause('a or b', clause)).toBe(`(a or b) and ${clause}`);
    expect(withoutClause(`metrics.loss < 1 and params.opt = "adam" and not starred`, clause)).toBe(
      'metrics.loss < 1 and not starred',
    );
    expect(withoutClause(`a or ${clause}`, clause)).toBe(`a or ${clause}`);
    expect(withoutClause('brisk heron', 'heron')).toBe('brisk');
    expect(hasClause(`x and (${clause})`, clause)).toBe(false);
    expect(hasClause(`x and ${clause}`, clause)).toBe(true);
  });
});

describe('a filter that makes no sense', () => {
  test.each([
    ['metrics.loss <', 'Expected a value after <; the filter ends (column 15).'],
    ['metrics.loss < x', 'Expected a number; there is x (column 16).'],
    [
      'loss < 1',
      'Expected an attribute such as state, duration or started, or metrics.loss, params.loss or tags.loss, instead of "loss"; there is loss (column 1).',
    ],
    ['foo.loss < 1', /metrics, params, tags or attributes before the dot/],
    ['(state = failed', 'Expected a closing ); the filter ends (column 16).'],
    ['state = failed)', /no \) that was not opened/],
    ['state = faild', /Expected a state: queued, running/],
    ['started > soon', /Expected a time such as/],
    ['duration > long', /Expected a duration/],
    ["params.lr < 'x'", /Expected a number without quotes/],
    ["params.lr = 'x", /Expected a closing '/],
    ['a and or b', /Expected a clause/],
    ['metrics.loss', /Expected an operator after metrics.loss/],
    ["tags.a IN 'b'", /Expected a list/],
    ['metrics.loss.`x`', /operator/],
  ])('%s', (filter, message) => expect(() => parseFilter(filter, 0)).toThrow(message));
});

describe('a filter', () => {
  test('binds not before and before or', () => {
    expect(parseFilter('a or b and not c', 0)).toEqual({
      kind: 'any',
      parts: [
        { kind: 'word', text: 'a' },
        {
          kind: 'all',
          parts: [
            { kind: 'word', text: 'b' },
            { kind: 'not', part: { kind: 'word', text: 'c' } },
          ],
        },
      ],
    });
  });

  test('reads times, durations and flags', () => {
    const now = Date.parse('2026-11-25T12:00:00Z');
    expect(parseFilter('started > -2d', now)).toMatchObject({
      test: { kind: 'stretch', operator: '>', from: now - 172_800_000, isRelative: true },
    });
    expect(parseFilter('started >= 2026-11-25T10:00:00Z', now)).toMatchObject({
      test: { from: Date.parse('2026-11-25T10:00:00Z'), isRelative: false },
    });
    expect(parseFilter('duration < 1h30m', now)).toMatchObject({ test: { number: 5_400_000 } });
    expect(parseFilter('starred', now)).toMatchObject({ test: { kind: 'flag', isTrue: true } });
    expect(parseFilter('dirty != yes', now)).toMatchObject({ test: { kind: 'flag', isTrue: false } });
    expect(parseFilter('params.lr <= 0.003', now)).toMatchObject({
      test: { kind: 'number', operator: '<=', number: 0.003 },
    });
    expect(parseFilter("params.lr = '0.003'", now)).toMatchObject({ test: { kind: 'text' } });
    expect(parseFilter('metrics.val_accuracy.best > 0.9', now)).toMatchObject({
      name: { name: 'val_accuracy.best', of: 'last', otherwise: { name: 'val_accuracy', of: 'best' } },
    });
  });
});
