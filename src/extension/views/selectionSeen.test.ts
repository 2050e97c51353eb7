import { expect, test } from 'vitest';
import { Emitter } from '../../base/events';
import { seeSelection } from './selectionSeen';

function fakeView(redrawnAt = Number.NEGATIVE_INFINITY) {
  const changed = new Emitter<{ readonly selection: readonly string[] }>();
  const view = { selection: [] as readonly string[], onDidChangeSelection: changed.on };
  const select = (...rows: string[]) => {
    view.selection = rows;
    changed.fire({ selection: rows });
  };
  return { view, select, seen: seeSelection(view, () => redrawnAt) };
}

test('a selection whose rows are just fetched anew is waited for', async () => {
  const { view, select, seen } = fakeView();
  select('brisk-heron');
  view.selection = [];
  const read = seen.read();
  setTimeout(() => (view.selection = ['brisk-heron']), 50);
  expect(await read).toEqual(['brisk-heron']);
});

test('a row that is clicked while the rows are fetched anew is waited for', async () => {
  const { view, select, seen } = fakeView(performance.now());
  select(); // VS Code knows a handle, and not yet a row of that handle.
  const read = seen.read();
  setTimeout(() => (view.selection = ['brisk-heron']), 50);
  expect(await read).toEqual(['brisk-heron']);
});

test('nobody waits where nothing is selected', async () => {
  const { select, seen } = fakeView();
  const from = performance.now();
  expect(await seen.read()).toEqual([]);
  select('brisk-heron');
  select();
  expect(await seen.read()).toEqual([]);
  expect(performance.now() - from).toBeLessThan(500);
});

test('a row that does not come back is waited for once', async () => {
  const { view, select, seen } = fakeView();
  select('brisk-heron');
  view.selection = [];
  expect(await seen.read()).toEqual([]);
  const from = performance.now();
  expect(await seen.read()).toEqual([]);
  expect(performance.now() - from).toBeLessThan(500);
});
