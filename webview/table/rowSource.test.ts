import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/base/errors';
import type { RunId } from '../../src/model/run';
import type { Column, TableQuery, TableRun, TableWindow } from '../../src/model/table';
import { RowSource, type RowSourceHost } from './rowSource';

const query = (filter = ''): TableQuery => ({
  ...{ experimentIds: [], filter, sort: [], groupBy: null, folded: [], includeArchived: false },
});
const loss: Column = { kind: 'metric', name: 'loss', of: 'last' };
const accuracy: Column = { kind: 'metric', name: 'accuracy', of: 'last' };

function run(index: number, cells: readonly number[]): TableRun {
  const runId = index.toString(16).padStart(32, '0') as RunId;
  return {
    ...{
      kind: 'run',
      runId,
      experimentId: '1' as TableRun['experimentId'],
      name: `run-${index}`,
      state: 'finished',
    },
    ...{
      reason: null,
      startedAt: 0,
      endedAt: 0,
      exitCode: 0,
      hasRunner: true,
      childCount: 0,
      starred: false,
    },
    ...{ archived: false, hasNote: false, cells },
  };
}

/** A source over a server of a thousand runs, whose answers wait until `answer()`. */
function setUp(order: (index: number) => number = (index) => index) {
  const asked: {
    from: number;
    columns: readonly Column[];
    query: TableQuery;
    settle(error?: Error): void;
  }[] = [];
  const state = { order, mayReorder: true };
  const host = {
    readTable: vi.fn(
      ({ from, count, columns, query: own }: Parameters<RowSourceHost['readTable']>[0]) =>
        new Promise<TableWindow>((resolve, reject) => {
          const settle = (error?: Error) => {
            if (error !== undefined) return reject(error);
            const rows = Array.from({ length: count }, (_, n) => {
              const index = state.order(from + n);
              return run(
                index,
                columns.map((_, column) => index + column / 10),
              );
            });
            return resolve({ from, rows, rowCount: 1000, runCount: 1000, allCount: 1000, seq: 1 });
          };
          asked.push({ from, columns, query: own, settle });
        }),
    ),
    mayReorder: () => state.mayReorder,
    changed: vi.fn(),
    refused: vi.fn(),
    trouble: vi.fn(),
    busy: vi.fn(),
  };
  const source = new RowSource(host);
  const answer = async (n = asked.length - 1, error?: Error) => {
    asked[n]?.settle(error);
    for (let n = 0; n < 8; n += 1) await Promise.resolve(); // Until what waits for the answer has run.
  };
  return { source, host, asked, answer, state };
}
const look = (from: number, columns: readonly Column[] = [loss], direction: 1 | -1 = 1) => ({
  ...{ from, to: from + 40, columns, direction },
});

describe('the rows of the table', () => {
  it('are asked for by pages, with the next one ahead, never more than two at once', async () => {
    const { source, asked, answer } = setUp();
    source.look(look(0));
    source.ask(query());
    expect(asked.map(({ from }) => from)).toEqual([0]);
    await answer(0);
    expect(source.row(3)).toMatchObject({ name: 'run-3' });
    expect(asked.map(({ from }) => from)).toEqual([0, 100]);
    source.look(look(480));
    source.look(look(880));
    expect(asked.map(({ from }) => from)).toEqual([0, 100, 400]);
    await answer(1);
    expect(asked.at(-1)?.from).toBe(800);
  });

  it('that another query asks for replace the old ones when they are there', async () => {
    const { source, host, answer, asked } = setUp();
    source.look(look(0));
    source.ask(query());
    await answer(0);
    source.ask(query('loss'));
    expect(source.query?.filter).toBe('');
    expect(source.row(0)).toBeDefined();
    await answer(asked.findIndex((one) => one.query.filter === 'loss'));
    expect(source.query?.filter).toBe('loss');
    expect(host.changed).toHaveBeenCalledWith('new');
  });

  it('stay when a query is refused, and it is said', async () => {
    const { source, host, answer, asked } = setUp();
    source.look(look(0));
    source.ask(query());
    await answer(0);
    source.ask(query('=>'));
    await answer(asked.length - 1, new UserError('invalid', 'Expected a name (column 1).'));
    expect(host.refused).toHaveBeenCalledWith(query('=>'), 'Expected a name (column 1).');
    expect(source.query?.filter).toBe('');
  });

  it('are asked for again with columns that were not read yet', async () => {
    const { source, answer, asked } = setUp();
    source.look(look(0));
    source.ask(query());
    await answer(0);
    await answer(1);
    source.look(look(0, [loss, accuracy]));
    expect(asked.at(-1)?.columns).toEqual([accuracy]);
    await answer();
    await answer(2);
    expect(source.cell(3, '["metric","accuracy","last"]')).toBe(3);
    expect(source.cell(3, '["metric","loss","last"]')).toBe(3);
  });

  it('stand where they stood while the pointer is over them, and move when it left', async () => {
    const { source, answer, state, asked } = setUp();
    source.look(look(0));
    source.ask(query());
    await answer(0);
    await answer(1);
    state.order = (index) => (index < 100 ? 99 - index : index);
    state.mayReorder = false;
    source.refresh();
    await answer(asked.findLastIndex(({ from }) => from === 0));
    expect(source.row(0)).toMatchObject({ name: 'run-0' });
    state.mayReorder = true;
    await answer(asked.length - 1);
    source.settle();
    await answer(asked.findLastIndex(({ from }) => from === 0));
    expect(source.row(0)).toMatchObject({ name: 'run-99' });
  });

  it('of the time before stay when the server is away', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { source, host, answer, asked } = setUp();
      source.look(look(0));
      source.ask(query());
      await answer(0);
      await answer(1);
      source.refresh();
      await answer(asked.length - 2, new Error('The server is away.'));
      expect(host.trouble).toHaveBeenCalledWith('The server is away.');
      expect(source.row(0)).toBeDefined();
      const before = asked.length;
      vi.advanceTimersByTime(2_000);
      expect(asked.length).toBeGreaterThan(before);
      await answer();
      expect(host.trouble).toHaveBeenLastCalledWith(null);
      source.dispose();
    } finally {
      vi.useRealTimers();
    }
  });
});
