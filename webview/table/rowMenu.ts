import { clauseFor } from '../../src/model/filterText';
import { isOver } from '../../src/model/run';
import type { Cell, Column, TableRun } from '../../src/model/table';
import type { TableAction } from '../../src/api/experimentPage';
import { t } from '../ui/l10n';
import { cellNumber } from './cells';
import { columnWord } from './columnWords';
import type { MenuItem } from './menu';

export interface RowMenuState {
  readonly run: TableRun;
  /** How many runs are selected with it; 1 when it is alone. */
  readonly count: number;
  readonly isOn: boolean;
  /** What was clicked; null: the name. */
  readonly cell: { readonly column: Column; readonly value: Cell; readonly text: string } | null;
}

export interface RowMenuAsks {
  open(beside: boolean): void;
  setOn(on: boolean): void;
  setStar(starred: boolean): void;
  setArchived(archived: boolean): void;
  editTags(): void;
  act(action: TableAction): void;
  addClause(clause: string): void;
  copy(text: string): void;
  copyRows(): void;
  exportRows(): void;
}

/** What can be done with a run, or with all that are selected, where the pointer is. */
export function rowMenu(state: RowMenuState, asks: RowMenuAsks): (MenuItem | null)[] {
  const { run, count, isOn } = state;
  const one = count === 1;
  const live = !isOver(run.state);
  const act = (action: TableAction, label: string, key?: string): MenuItem => ({
    label,
    ...(key === undefined ? {} : { key }),
    run: () => asks.act(action),
  });
  return [
    one ? { label: t('Open Run'), key: t('Enter'), run: () => asks.open(false) } : null,
    one ? { label: t('Open Run to the Side'), key: t('Alt+Enter'), run: () => asks.open(true) } : null,
    'line',
    ...(state.cell === null ? [] : clauseItems(state.cell, asks)),
    'line',
    {
      label: isOn ? t('Turn Off in Charts') : t('Turn On in Charts'),
      key: t('Space'),
      run: () => asks.setOn(!isOn),
    },
    { label: run.starred ? t('Remove Star') : t('Star'), key: 'S', run: () => asks.setStar(!run.starred) },
    { label: t('Edit Tags…'), run: () => asks.editTags() },
    {
      label: run.archived ? t('Take Out of Archive') : t('Archive'),
      run: () => asks.setArchived(!run.archived),
    },
    one ? act('rename', t('Rename…'), 'F2') : null,
    'line',
    count > 1 ? act('compare', t('Compare'), 'C') : act('compare', t('Compare with Champion'), 'C'),
    count === 2 ? act('compareCode', t('Compare Code')) : null,
    one ? act('showOutput', t('Show Output')) : null,
    one ? act('promote', t('Promote Run to Repository…')) : null,
    'line',
    live ? act('stop', t('Stop')) : null,
    one ? act('runAgain', t('Run Again')) : null,
    one ? act('runAgainWith', t('Run Again with Params…')) : null,
    one && run.state === 'failed' ? act('retry', t('Retry')) : null,
    one ? act('showInTree', t('Show in Experiments')) : null,
    'line',
    one ? act('copyCommand', t('Copy Command')) : null,
    { label: t('Copy as Markdown'), key: t('Ctrl+C'), run: () => asks.copyRows() },
    { label: t('Export…'), run: () => asks.exportRows() },
    'line',
    act('delete', t('Delete'), t('Delete')),
  ];
}

/** Clicks that write the filter. */
function clauseItems(
  { column, value, text }: NonNullable<RowMenuState['cell']>,
  asks: RowMenuAsks,
): MenuItem[] {
  const isNote = column.kind === 'attribute' && column.name === 'note';
  if (isNote) return [{ label: t('Copy Value'), run: () => asks.copy(text) }];
  const number = cellNumber(value);
  const add = (label: string, operator: Parameters<typeof clauseFor>[1]): MenuItem => ({
    label,
    run: () => asks.addClause(clauseFor(column, operator, value)),
  });
  const isOrdered = number !== null && Number.isFinite(number);
  const isInstant = column.kind === 'attribute' && (column.name === 'started' || column.name === 'ended');
  return [
    ...(isInstant
      ? []
      : value === null
        ? [
            add(t('Only Runs without {0}', columnWord(column)), '='),
            add(t('Only Runs with {0}', columnWord(column)), '!='),
          ]
        : [add(t('Filter to This Value'), '='), add(t('Exclude This Value'), '!=')]),
    ...(isOrdered ? [add(t('At Least This Value'), '>='), add(t('At Most This Value'), '<=')] : []),
    { label: t('Copy Value'), run: () => asks.copy(text) },
  ];
}
