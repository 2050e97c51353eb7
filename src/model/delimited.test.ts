import { expect, test } from 'vitest';
import { readDelimited } from './delimited';

test('quoted fields keep commas, quotes and line ends', () => {
  expect(readDelimited('\ufeffa,b\r\n"x,1","say ""hi""\nthere"\n', ',', 10).rows).toEqual([
    ['a', 'b'],
    ['x,1', 'say "hi"\nthere'],
  ]);
});

test('only so many rows are read, and it says so', () => {
  const read = readDelimited('a\nb\nc\nd\n', ',', 2);
  expect(read).toEqual({ rows: [['a'], ['b']], isWhole: false });
  expect(readDelimited('a\nb', ',', 2).isWhole).toBe(true);
});

test('an unclosed quote ends with the text', () => {
  expect(readDelimited('"a,b\nc', ',', 5).rows).toEqual([['a,b\nc']]);
});
