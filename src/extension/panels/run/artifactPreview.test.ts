import { expect, test } from 'vitest';
import { previewOf } from './artifactPreview';

const words = { tooLarge: (size: string) => `too large: ${size}`, noPreview: 'no text' };
const preview = (path: string, text: string, size = text.length) =>
  previewOf(path, Buffer.from(text), size, words);

test('a picture is a data address, and one that is too large is only said to be', () => {
  expect(preview('a.svg', '<svg/>')).toMatchObject({ source: 'data:image/svg+xml;base64,PHN2Zy8+' });
  expect(preview('a.png', 'x', 99_000_000)).toMatchObject({ kind: 'none', why: 'too large: 99 MB' });
});

test('CSV and JSON lists are tables', () => {
  expect(preview('a.csv', 'x,y\n1,2\n')).toMatchObject({
    kind: 'table',
    rows: [
      ['x', 'y'],
      ['1', '2'],
    ],
  });
  expect(preview('a.tsv', 'x\ty\n')).toMatchObject({ rows: [['x', 'y']] });
  expect(preview('a.json', '[{"a":1,"b":null},{"a":"z"}]')).toMatchObject({
    kind: 'table',
    rows: [
      ['a', 'b'],
      ['1', ''],
      ['z', ''],
    ],
  });
  expect(preview('a.json', '{"columns":["a"],"data":[[1.5]]}')).toMatchObject({ rows: [['a'], ['1.5']] });
});

test('other JSON is set out line by line, and broken JSON shown as it is', () => {
  expect(preview('a.json', '{"a":{"b":1}}')).toMatchObject({ text: '{\n  "a": {\n    "b": 1\n  }\n}' });
  expect(preview('a.json', '{"a": NaN}')).toMatchObject({ kind: 'text', text: '{"a": NaN}' });
  expect(preview('a.json', '{"a":1', 500)).toMatchObject({ kind: 'text', isWhole: false });
});

test('what is no text is not shown as text', () => {
  expect(preview('a.txt', 'a\u0000b')).toMatchObject({ kind: 'none', why: 'no text' });
});

test('a hostile table has no more columns and no longer cells than can be looked at', () => {
  const wide = `${Array.from({ length: 500 }, (_, n) => n).join(',')}\n${'x'.repeat(9_000)}`;
  const read = preview('a.csv', wide);
  expect(read.kind === 'table' && read.rows.map((row) => row.length)).toEqual([50, 1]);
  expect(read.kind === 'table' && read.rows[1]?.[0]?.length).toBe(501);
});
