import type { ColumnLook } from '../../src/model/savedView';
import type { GroupColumn } from '../../src/model/table';
import { t } from '../ui/l10n';
import type { ShownColumn } from './columns';
import type { MenuItem } from './menu';

export interface HeadMenuAsks {
  sort(descending: boolean): void;
  alsoSort(descending: boolean): void;
  clearSort(): void;
  setLook(look: ColumnLook): void;
  setPinned(pinned: boolean): void;
  move(step: -1 | 1): void;
  fit(): void;
  hide(): void;
  groupBy(column: GroupColumn | null): void;
  chooseColumns(): void;
}

/** What can be done with a column; null is the name's. */
export function headMenu(
  shown: ShownColumn | null,
  state: { readonly isSorted: boolean; readonly isSortedByOthers: boolean; readonly isGrouped: boolean },
  asks: HeadMenuAsks,
): (MenuItem | null)[] {
  const look = (value: ColumnLook, label: string): MenuItem => ({
    label,
    checked: shown?.look === value,
    run: () => asks.setLook(value),
  });
  const column = shown?.column;
  return [
    { label: t('Sort Ascending'), icon: 'arrow-up', run: () => asks.sort(false) },
    { label: t('Sort Descending'), icon: 'arrow-down', run: () => asks.sort(true) },
    state.isSortedByOthers
      ? { label: t('Then Ascending'), key: t('Shift+Click'), run: () => asks.alsoSort(false) }
      : null,
    state.isSortedByOthers ? { label: t('Then Descending'), run: () => asks.alsoSort(true) } : null,
    state.isSorted ? { label: t('Clear Sort'), run: () => asks.clearSort() } : null,
    'line',
    ...(shown?.isNumeric === true
      ? [
          look('plain', t('Numbers Only')),
          look('bars', t('Bars in Cells')),
          look('heat', t('Colours in Cells')),
        ]
      : []),
    'line',
    column !== undefined && column.kind !== 'metric'
      ? { label: t('Group by This'), run: () => asks.groupBy(column) }
      : null,
    state.isGrouped ? { label: t('No Groups'), run: () => asks.groupBy(null) } : null,
    'line',
    shown === null
      ? null
      : {
          label: t('Pin beside the Name'),
          checked: shown.pinned,
          run: () => asks.setPinned(!shown.pinned),
        },
    shown === null ? null : { label: t('Move Left'), key: t('Alt+←'), run: () => asks.move(-1) },
    shown === null ? null : { label: t('Move Right'), key: t('Alt+→'), run: () => asks.move(1) },
    { label: t('Fit to Content'), run: () => asks.fit() },
    shown === null ? null : { label: t('Hide Column'), run: () => asks.hide() },
    'line',
    { label: t('Choose Columns…'), run: () => asks.chooseColumns() },
  ];
}
