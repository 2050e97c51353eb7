import { describe, expect, it } from 'vitest';
import { ColumnNumbers } from './columnNumbers';

describe('the numbers of a column', () => {
  it('have one number of decimals, from the largest that was seen', () => {
    const numbers = new ColumnNumbers();
    numbers.see(0.9916);
    expect([0.9916, 1, 0.5, -0.25].map((value) => numbers.format(value))).toEqual([
      '0.9916',
      '1.0000',
      '0.5000',
      '−0.2500',
    ]);
    expect(numbers.see(12.5)).toBe(true);
    expect(numbers.format(0.9916)).toBe('0.99');
  });

  it('show two digits of the spread over seeds', () => {
    const numbers = new ColumnNumbers();
    numbers.see(0.0547);
    expect(numbers.seeSpread(0.022)).toBe(true);
    expect(numbers.format(0.0547)).toBe('0.055');
  });

  it('never read as nothing when they are something', () => {
    const numbers = new ColumnNumbers();
    numbers.see(0.9);
    expect([3e-7, 0, Number.NaN, Infinity, -Infinity].map((value) => numbers.format(value))).toEqual([
      ...['3e−7', '0.0000', 'NaN', '∞', '−∞'],
    ]);
  });
});
