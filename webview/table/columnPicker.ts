import { html } from 'lit';
import { formatCount } from '../../src/model/format';
import type { ViewColumn } from '../../src/model/savedView';
import { ATTRIBUTES, type Column, type ColumnInfo, type MetricFacet, columnKey } from '../../src/model/table';
import { t } from '../ui/l10n';
import { roundedNumber } from './barRange';
import { type Choice, openChooser } from './chooser';
import { attributeWord, facetWord } from './columnWords';
import { isSystem } from './columns';
import type { Place } from './floating';

export interface PickerState {
  readonly infos: readonly ColumnInfo[];
  readonly columns: readonly ViewColumn[];
}

const FACETS: readonly MetricFacet[] = ['last', 'best', 'min', 'max'];

/** The list of all columns there are; a choice puts one in or takes it out. */
export function openColumnPicker(
  read: () => PickerState,
  asks: { toggle(column: Column): void; reset(): void },
  at: Place,
): void {
  const byKey = new Map(pickable(read().infos).map((one) => [columnKey(one.column), one]));
  openChooser(
    {
      label: t('Columns'),
      placeholder: t('Find a column'),
      several: true,
      choices: () => {
        const shown = new Set(read().columns.map(({ column }) => columnKey(column)));
        return [...byKey.values()].map(({ column, ...words }): Choice => ({
          ...{ id: columnKey(column), checked: shown.has(columnKey(column)) },
          ...words,
        }));
      },
      choose: (id) => {
        const column = byKey.get(id)?.column;
        if (column !== undefined) asks.toggle(column);
      },
      foot: () =>
        html`<div class="chooser-foot">
          <button class="link" @click=${() => asks.reset()}>${t('Choose by Itself')}</button
          ><span class="dim small">${t('the goal, params that differ, duration and start')}</span>
        </div>`,
    },
    at,
  );
}

/** What can be grouped by. */
export function groupChoices(
  infos: readonly ColumnInfo[],
): readonly { column: Column; words: Omit<Choice, 'id' | 'checked'> }[] {
  return pickable(infos)
    .filter(({ column }) => column.kind !== 'metric')
    .filter(({ column }) => column.kind !== 'attribute' || GROUPING.has(column.name))
    .map(({ column, ...words }) => ({ column, words }));
}

const GROUPING: ReadonlySet<string> = new Set([
  'state',
  'branch',
  'commit',
  'dirty',
  'data',
  'user',
  'script',
]);

function pickable(infos: readonly ColumnInfo[]) {
  const rank = { metric: 0, param: 1, tag: 2, attribute: 3 } as const;
  const known = [...infos].sort((a, b) => {
    const first = rank[a.column.kind] - rank[b.column.kind];
    return first !== 0 ? first : Number(isSystem(a.column.name)) - Number(isSystem(b.column.name));
  });
  const found: { column: Column; label: string; detail: string; group: string }[] = [];
  for (const info of known) {
    const { column } = info;
    if (column.kind === 'attribute') continue;
    if (column.kind === 'metric') {
      for (const of of FACETS) {
        const detail = of === 'last' ? `${facetWord(of)}, ${detailOf(info)}` : facetWord(of);
        found.push({ column: { ...column, of }, label: column.name, detail, group: t('Metrics') });
      }
    } else {
      const group = column.kind === 'param' ? t('Params') : t('Tags');
      found.push({ column, label: column.name, detail: detailOf(info), group });
    }
  }
  for (const name of ATTRIBUTES) {
    found.push({
      column: { kind: 'attribute', name },
      label: attributeWord(name),
      detail: '',
      group: t('Attributes'),
    });
  }
  return found;
}

function detailOf({ runCount, differs, min, max }: ColumnInfo): string {
  if (min !== null && max !== null && min !== max) {
    return t('{0} to {1}', roundedNumber(min), roundedNumber(max));
  }
  const runs = runCount === 1 ? t('1 run') : t('{0} runs', formatCount(runCount));
  return differs ? runs : `${runs}, ${t('equal')}`;
}
