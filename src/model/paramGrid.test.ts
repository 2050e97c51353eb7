import { describe, expect, it } from 'vitest';
import type { ParamSpec } from './param';
import { readGrid, runsOfGrid } from './paramGrid';

const spec = (name: string, facts: Partial<ParamSpec> = {}): ParamSpec => ({
  name,
  source: 'argparse',
  route: { via: 'argument' },
  flag: `--${name}`,
  type: 'int',
  action: 'store',
  defaultValue: '0',
  choices: null,
  required: false,
  many: false,
  help: null,
  range: { from: 0, to: 0 },
  ...facts,
});

describe('the texts of a form', () => {
  it('are one run with the defaults when nothing is typed', () => {
    expect(runsOfGrid(readGrid([spec('a'), spec('b')], {}))).toEqual([{ a: '0', b: '0' }]);
  });

  it('are a run for each combination of values, the last param fastest', () => {
    const grid = readGrid([spec('a'), spec('b')], { a: '1, 2', b: '0..1' });
    expect(grid.count).toBe(4);
    expect(runsOfGrid(grid).map(({ a, b }) => `${a}${b}`)).toEqual(['10', '11', '20', '21']);
  });

  it('are counted before anybody makes a list of millions', () => {
    const specs = ['a', 'b', 'c'].map((name) => spec(name));
    expect(readGrid(specs, { a: '0..999', b: '0..999', c: '0..999' }).count).toBe(1e9);
  });

  it('are checked value by value', () => {
    expect(readGrid([spec('a')], { a: '1, x, 3' }).problems).toEqual({ a: '--a takes a whole number.' });
    expect(readGrid([spec('a', { required: true, defaultValue: null })], {}).problems).toHaveProperty('a');
  });

  it('leave a default with commas alone', () => {
    const text = spec('a', { type: 'str', defaultValue: 'x,y' });
    expect(readGrid([text], {}).values).toEqual({ a: ['x,y'] });
    expect(readGrid([text], { a: 'x,z' }).count).toBe(2);
  });
});
