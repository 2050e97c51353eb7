import { type TemplateResult, html, nothing } from 'lit';
import type { Goal } from '../../src/model/goal';
import type { SortColumn, SortKey } from '../../src/model/table';
import { t } from '../ui/l10n';
import { type BarRange, placeIn, shortNumber } from './barRange';
import { columnSubtitle, columnTitle, columnWord } from './columnWords';
import { type LaidColumn, type Layout, inPlaces, pinnedOnes } from './layout';
import { place } from './place';
import { ACTIVE_ID } from './rowTemplate';
import { isSameColumn } from './sorting';

export interface HeadContext {
  readonly layout: Layout;
  readonly from: number;
  readonly to: number;
  readonly places: number;
  readonly sort: readonly SortKey[];
  readonly goal: Goal | null;
  /** The name of what is grouped by; null without groups. */
  readonly groupedBy: string | null;
  /** The active heading, 0 is the name's; null when a row is active. */
  readonly active: number | null;
  range(key: string): BarRange | null;
}

/** The table's head: what each column is, how it is sorted, and the axis of its bars. */
export function headRow(context: HeadContext): TemplateResult {
  const { layout, active } = context;
  const cell = (column: LaidColumn, n: number) => head(context, column, n);
  return html`<div class="frozen" role="presentation">
      <span role="columnheader" aria-colindex="1" class="eye-head"
        ><span class="visually-hidden">${t('In charts')}</span></span
      >
      <span
        role="columnheader"
        aria-colindex="2"
        class="head-cell name-head"
        data-head="name"
        id=${active === 0 ? ACTIVE_ID : nothing}
        aria-sort=${ariaSort(context.sort, { kind: 'name' })}
        ><span class="head-title"
          ><span class="head-text">${t('run')}</span>${sortMark(context.sort, { kind: 'name' })}</span
        ><span class="head-sub"
          >${context.groupedBy === null ? nothing : t('grouped by {0}', context.groupedBy)}</span
        ><i class="resizer" data-resize="name"></i
      ></span>
      ${pinnedOnes(layout, cell)}
    </div>
    ${inPlaces(layout, context, nothing, cell)}`;
}

function head(context: HeadContext, { shown }: LaidColumn, n: number): TemplateResult {
  const { column } = shown;
  const isBars = shown.isNumeric && shown.look === 'bars';
  const range = isBars ? context.range(shown.key) : null;
  const target = shown.isGoal ? (context.goal?.target ?? null) : null;
  const words = [
    columnWord(column),
    ...(shown.isGoal ? [t('the goal')] : []),
    ...(range === null ? [] : [t('bars from {0} to {1}', shortNumber(range.low), shortNumber(range.high))]),
  ].join(', ');
  return html`<span
    role="columnheader"
    aria-colindex=${n + 3}
    class="head-cell k${n} ${shown.isNumeric && !isBars ? 'number' : ''} ${shown.pinned ? 'pinned' : ''}"
    data-head=${n}
    id=${context.active === n + 1 ? ACTIVE_ID : nothing}
    aria-sort=${ariaSort(context.sort, column)}
    aria-label=${words}
    title=${words}
    ><span class="head-title"
      ><bdi class="head-text">${columnTitle(column)}</bdi>${sortMark(context.sort, column)}</span
    >${
      range === null
        ? html`<span class="head-sub">${isBars ? nothing : columnSubtitle(column)}</span>`
        : html`<span class="head-sub axis" aria-hidden="true"
            ><span class="axis-low">${shortNumber(range.low)}</span>${
              target === null || !(target > range.low && target < range.high)
                ? nothing
                : html`<span class="axis-target" ${place(placeIn(range, target) ?? 0)}
                    >${shortNumber(target)}</span
                  >`
            }<span class="axis-high">${shortNumber(range.high)}</span></span
          >`
    }<i class="resizer" data-resize=${n}></i
  ></span>`;
}

function ariaSort(sort: readonly SortKey[], column: SortColumn): string {
  const found = sort.find((key) => isSameColumn(key.column, column));
  return found === undefined ? 'none' : found.descending ? 'descending' : 'ascending';
}

function sortMark(sort: readonly SortKey[], column: SortColumn): TemplateResult | typeof nothing {
  const index = sort.findIndex((key) => isSameColumn(key.column, column));
  const found = sort[index];
  if (found === undefined) return nothing;
  return html`<i
      class="codicon codicon-arrow-${found.descending ? 'down' : 'up'} sort-mark"
      aria-hidden="true"
    ></i
    >${sort.length > 1 ? html`<span class="sort-order" aria-hidden="true">${index + 1}</span>` : nothing}`;
}
