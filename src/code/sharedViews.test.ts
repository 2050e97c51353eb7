import { describe, expect, it } from 'vitest';
import { PLAIN_VIEW, type SavedView } from '../model/savedView';
import { readSharedViews, withSharedViews } from './sharedViews';

const BY_WIDTH: SavedView = {
  name: 'By width',
  definition: { ...PLAIN_VIEW, groupBy: { kind: 'param', name: 'hidden' }, filter: 'metrics.acc > 0.9' },
};

describe('views in winnow.yaml', () => {
  it('come back as they were written, and the rest of the file stays', () => {
    const before = '# Ours.\nexperiment: digits # the name\ngoal:\n  metric: acc\n';
    const after = withSharedViews(before, 'digits', [BY_WIDTH]);
    expect(after.startsWith(before)).toBe(true);
    expect(after).toContain('- name: By width\n    experiment: digits\n');
    expect(after).not.toContain('smoothing');
    expect(readSharedViews(after, 'digits')).toEqual({ views: [BY_WIDTH], problem: null });
  });

  it('are replaced by experiment: those of others stay', () => {
    const first = withSharedViews('', 'other', [{ ...BY_WIDTH, name: 'Theirs' }]);
    const second = withSharedViews(first, 'digits', [BY_WIDTH]);
    const third = withSharedViews(second, 'digits', [{ ...BY_WIDTH, name: 'New' }]);
    expect(readSharedViews(third, 'digits').views.map(({ name }) => name)).toEqual(['New']);
    expect(readSharedViews(third, 'other').views.map(({ name }) => name)).toEqual(['Theirs']);
  });

  it('are for every experiment when they name none', () => {
    expect(readSharedViews('views:\n  - name: All\n', 'digits').views).toEqual([
      { name: 'All', definition: PLAIN_VIEW },
    ]);
  });

  it('that are wrong are left out and named; the others are shown', () => {
    const text = 'views:\n  - name: A\n    filter: 3\n  - name: B\n  - 7\n';
    const { views, problem } = readSharedViews(text, 'digits');
    expect(views.map(({ name }) => name)).toEqual(['B']);
    expect(problem).toBe('In winnow.yaml, view 1 is left out: filter is wrong.');
    expect(readSharedViews('views: 3', 'digits').problem).toContain('no list');
    expect(readSharedViews('{', 'digits').problem).toContain('cannot be read');
    expect(readSharedViews('experiment: x', 'digits')).toEqual({ views: [], problem: null });
  });

  it('are not written into a file that cannot be read', () => {
    expect(() => withSharedViews('a: [', 'digits', [])).toThrow('winnow.yaml cannot be read');
    expect(() => withSharedViews('- 1', 'digits', [])).toThrow('winnow.yaml cannot be read');
  });
});
