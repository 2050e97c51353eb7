import { describe, expect, it } from 'vitest';
import type { SortKey } from '../../src/model/table';
import { sortAfterClick } from './sorting';

const goal = { metric: 'score', direction: 'maximize', target: null } as const;
const score = { kind: 'metric', name: 'score', of: 'best' } as const;
const seed = { kind: 'param', name: 'seed' } as const;
const click = (sort: readonly SortKey[], column: SortKey['column'], adds = false) =>
  sortAfterClick(sort, column, adds, goal);

describe('a click on a heading', () => {
  it('sorts by the better end first, then by the other, then no more', () => {
    const once = click([], score);
    expect(once).toEqual([{ column: score, descending: true }]);
    const twice = click(once, score);
    expect(twice).toEqual([{ column: score, descending: false }]);
    expect(click(twice, score)).toEqual([]);
  });

  it('with Shift adds a key, and changes one in its place', () => {
    const both = click(click([], seed), score, true);
    expect(both.map(({ column }) => column)).toEqual([seed, score]);
    expect(click(both, seed, true)).toEqual([{ column: seed, descending: true }, both[1]]);
    expect(click(click(both, seed, true), seed, true)).toEqual([both[1]]);
  });
});
