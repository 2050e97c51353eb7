import { expect, test } from 'vitest';
import { Folders } from './folders';
import { usageOf } from './testUsage';

const connection = { trackingUri: 'http://127.0.0.1:1', token: 't' };
const folders = (...names: readonly string[]) => {
  const all = new Folders(() => usageOf({}));
  for (const folder of names) all.set({ folder, connection });
  return all;
};

test('the innermost folder answers for a file', () =>
  expect(folders('/a', '/a/b', '/a/bc').of('file:///a/b/train.py')).toMatchObject({
    folder: '/a/b',
    fileName: 'train.py',
  }));

test('names with blanks and umlauts are understood', () =>
  expect(folders("/a b/ü's").of('file:///a%20b/%C3%BC%27s/x.py')?.folder).toBe("/a b/ü's"));

test.each(['file:///b/x.py', 'untitled:Untitled-1', 'file://host/a/x.py', 'vscode-notebook-cell:/a/x#1', ''])(
  'no folder answers for %s',
  (uri) => expect(folders('/a').of(uri)).toBe(null),
);

test('a folder whose server is gone answers no more', () => {
  const all = folders('/a');
  all.set({ folder: '/a', connection: null });
  expect(all.of('file:///a/x.py')).toBe(null);
});
