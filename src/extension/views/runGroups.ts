import type { ApiClient } from '../../api/client';
import type { Experiment } from '../../model/experiment';
import { clauseFor } from '../../model/filterText';
import { isSeed } from '../../model/noise';
import type { Run } from '../../model/run';
import type { Column, GroupColumn } from '../../model/table';
import { tableQueryOf } from './runPages';
import type { TreeChoice } from './treeChoice';

/** A group of an experiment's runs. */
export interface RunGroup {
  /** What its runs share: a state, a param's value ('' for none), or a day as `2026-11-25` ('' for not started). */
  readonly value: string;
  /** What finds its runs, in the search language. */
  readonly clause: string;
  readonly runCount: number;
  /** Of the goal's best values: mean and standard deviation over its runs; null without any. */
  readonly goal: { readonly mean: number; readonly deviation: number | null } | null;
  /** Different seeds among its runs; 0 when they have none. */
  readonly seedCount: number;
}

/** Groups of one list; more say nothing that a filter would not say better. */
export const MOST_GROUPS = 500;
/** Days that are looked for at once: each is a question. */
const DAYS = 30;

/** The groups of an experiment's runs; those that the filter leaves nothing of are not there. */
export async function readGroups(
  client: ApiClient,
  experiment: Experiment,
  choice: TreeChoice,
): Promise<readonly RunGroup[]> {
  const { grouping } = choice;
  if (grouping.kind === 'day') return readDays(client, experiment, choice);
  const column: GroupColumn =
    grouping.kind === 'param' ? { kind: 'param', name: grouping.name } : { kind: 'attribute', name: 'state' };
  const { goal } = experiment;
  const columns: Column[] = goal === null ? [] : [{ kind: 'metric', name: goal.metric, of: 'best' }];
  const { values } = await client.call('listValues', {
    experimentIds: [experiment.experimentId],
    column,
    containing: '',
    limit: MOST_GROUPS,
  });
  const query = tableQueryOf({ experiment, parent: null, clause: null }, choice);
  const { rows } = await client.call('readTable', {
    // All folded: only the groups themselves come.
    query: { ...query, groupBy: column, folded: ['', ...values.map(({ text }) => text)] },
    columns,
    from: 0,
    count: MOST_GROUPS,
  });
  return rows.flatMap((row): RunGroup[] => {
    if (row.kind !== 'group' || !row.isFolded) return [];
    const [cell] = row.cells;
    return [
      {
        value: row.value,
        clause: clauseFor(column, '=', row.value === '' ? null : row.value),
        runCount: row.runCount,
        goal: cell?.kind === 'numbers' ? { mean: cell.mean, deviation: cell.deviation } : null,
        seedCount: row.seedCount,
      },
    ];
  });
}

/** The days that runs were started on, the newest first. */
async function readDays(
  client: ApiClient,
  experiment: Experiment,
  choice: TreeChoice,
): Promise<readonly RunGroup[]> {
  const started = { kind: 'attribute', name: 'started' } as const;
  const newest = { ...choice, sort: 'newest' } as const;
  const ask = async (clause: string) => {
    const query = tableQueryOf({ experiment, parent: null, clause }, newest);
    const { rows, runCount } = await client.call('readTable', { query, columns: [], from: 0, count: 1 });
    const [first] = rows;
    return { runCount, startedAt: first?.kind === 'run' ? first.startedAt : null };
  };
  const groups: RunGroup[] = [];
  const waiting = clauseFor(started, '=', null);
  const none = await ask(waiting);
  if (none.runCount > 0) groups.push(dayGroup('', waiting, none.runCount));
  let before = await ask(clauseFor(started, '!=', null));
  while (before.startedAt !== null && groups.length < DAYS) {
    const { from, to, value } = dayOf(before.startedAt);
    const older = await ask(clauseFor(started, '<', from));
    const clause = `${clauseFor(started, '>=', from)} and ${clauseFor(started, '<', to)}`;
    groups.push(dayGroup(value, clause, before.runCount - older.runCount));
    before = older;
  }
  if (before.startedAt !== null) {
    // What is older stands together.
    const { to } = dayOf(before.startedAt);
    groups.push(dayGroup('older', clauseFor(started, '<', to), before.runCount));
  }
  return groups;
}

function dayGroup(value: string, clause: string, runCount: number): RunGroup {
  return { value, clause, runCount, goal: null, seedCount: 0 };
}

/** The day of an instant where the person is: its limits as epoch milliseconds, and `2026-11-25`. */
export function dayOf(at: number): { readonly from: number; readonly to: number; readonly value: string } {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  const padded = (number: number) => String(number).padStart(2, '0');
  return {
    from: new Date(year, month, day).getTime(),
    to: new Date(year, month, day + 1).getTime(),
    value: `${year}-${padded(month + 1)}-${padded(day)}`,
  };
}

/** The value of the group that a run belongs to. */
export function groupValueOf(run: Run, { grouping }: TreeChoice): string {
  switch (grouping.kind) {
    case 'state':
      return run.state;
    case 'param':
      return run.params[grouping.name] ?? '';
    case 'day':
      return run.startedAt === null ? '' : dayOf(run.startedAt).value;
    case 'parent':
    case 'none':
      return '';
  }
}

/** The params that are worth grouping by: those that differ, seeds last. */
export function groupableParams(
  columns: readonly { readonly column: Column; readonly differs: boolean; readonly runCount: number }[],
): readonly string[] {
  return columns
    .flatMap(({ column, differs, runCount }) =>
      column.kind === 'param' && differs ? [{ name: column.name, runCount }] : [],
    )
    .sort(
      (a, b) =>
        Number(isSeed(a.name)) - Number(isSeed(b.name)) ||
        b.runCount - a.runCount ||
        (a.name < b.name ? -1 : 1),
    )
    .map(({ name }) => name);
}
