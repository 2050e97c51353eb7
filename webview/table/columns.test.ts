import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/model/goal';
import type { Column, ColumnInfo } from '../../src/model/table';
import { ColumnEdits } from './columnEdits';
import { columnTitle } from './columnWords';
import { chooseColumns } from './columns';

const goal: Goal = { metric: 'val_accuracy', direction: 'maximize', target: 0.98 };
const info = (column: Column, differs = true): ColumnInfo => ({
  ...{ column, differs, runCount: 24, isNumeric: true, min: 0, max: 1 },
});
const metric = (name: string): ColumnInfo => info({ kind: 'metric', name, of: 'last' });
const param = (name: string, differs = true): ColumnInfo => info({ kind: 'param', name }, differs);
const infos = [
  ...['loss', 'system/cpu', 'val_accuracy', 'val_loss'].map(metric),
  ...[param('lr'), param('hidden'), param('batch_size', false)],
];
const plain = { columns: null, onlyDiffering: true, groupBy: null };
const titles = (shown: readonly { readonly column: Column }[]) =>
  shown.map(({ column }) => columnTitle(column));

describe('the columns of a view', () => {
  it('are by themselves the goal, metrics of its kind, params that differ, duration and start', () => {
    const { shown, equalCount } = chooseColumns(plain, infos, goal);
    expect(titles(shown)).toEqual(['val_accuracy', 'val_loss', 'lr', 'hidden', 'duration', 'started']);
    expect(equalCount).toBe(1);
    expect(shown[0]).toMatchObject({ isGoal: true, look: 'bars' });
  });

  it('are all but the system’s when equal ones are wanted too, and not what is grouped by', () => {
    const { shown } = chooseColumns(
      { ...plain, onlyDiffering: false, groupBy: { kind: 'param', name: 'hidden' } },
      infos,
      goal,
    );
    expect(titles(shown)).toEqual([
      'val_accuracy',
      'loss',
      'val_loss',
      'lr',
      'batch_size',
      'duration',
      'started',
    ]);
  });

  it('are there without a goal, without metrics and without runs', () => {
    expect(titles(chooseColumns(plain, infos, null).shown)).toContain('loss');
    expect(titles(chooseColumns(plain, [], goal).shown)).toEqual(['duration', 'started']);
  });

  it('stand where they are moved to, and beside pinned ones they are pinned', () => {
    const { shown } = chooseColumns(plain, infos, goal);
    const moved = new ColumnEdits(shown, plain).move(2, 0);
    expect(titles(moved)).toEqual(['lr', 'val_accuracy', 'val_loss', 'hidden', 'duration', 'started']);
    const pinned = new ColumnEdits(shown, plain).pin(3, true);
    const again = chooseColumns({ ...plain, columns: pinned }, infos, goal).shown;
    expect(titles(again)[0]).toBe('hidden');
    expect(
      new ColumnEdits(again, { columns: pinned }).move(2, 0).find(({ column }) => column.name === 'val_loss')
        ?.pinned,
    ).toBe(true);
  });

  it('that are hidden as equal stay in the view when others are changed', () => {
    const columns = [param('batch_size'), param('lr')].map(({ column }) => ({
      column,
      width: null,
      pinned: false,
    }));
    const { shown, equalCount } = chooseColumns({ ...plain, columns }, infos, goal);
    expect(equalCount).toBe(1);
    const resized = new ColumnEdits(shown, { columns }).resize(0, 90);
    expect(resized.map(({ width }) => width)).toEqual([null, 90]);
    expect(new ColumnEdits(shown, { columns }).hide(0)).toHaveLength(1);
  });
});
