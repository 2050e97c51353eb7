import { type TemplateResult, html, nothing } from 'lit';
import { formatCount } from '../../src/model/format';
import type { RunId, RunState } from '../../src/model/run';
import type { Cell, GroupCell, GroupColumn, TableGroup, TableRun } from '../../src/model/table';
import { t } from '../ui/l10n';
import { styleOf } from '../ui/runStyle';
import { stateWord } from '../ui/stateWord';
import { type BarRange, placeIn } from './barRange';
import { cellNumber, cellText, sentenceOf } from './cells';
import type { ColumnNumbers } from './columnNumbers';
import { columnTitle, columnWord } from './columnWords';
import type { ShownColumn } from './columns';
import { type LaidColumn, type Layout, inPlaces, pinnedOnes } from './layout';
import { place } from './place';

/** What rows are drawn with. */
export interface RowContext {
  readonly layout: Layout;
  /** The columns that are drawn beside the pinned ones. */
  readonly from: number;
  readonly to: number;
  /** How many columns have been drawn at once, at most: see `inPlaces`. */
  readonly places: number;
  readonly slots: ReadonlyMap<RunId, number>;
  readonly championId: RunId | null;
  readonly bestId: RunId | null;
  readonly hasChampionLine: boolean;
  readonly hasTargetLine: boolean;
  readonly groupBy: GroupColumn | null;
  readonly now: number;
  cell(index: number, key: string): Cell | GroupCell | undefined;
  numbers(key: string): ColumnNumbers;
  /** Told when a number that was drawn gives its column other decimals. */
  readsOtherwise(): void;
  range(key: string): BarRange | null;
  /** Told of every text, so that its column becomes as wide as it needs. */
  sees(column: LaidColumn, text: string, isGroup: boolean): void;
  seesName(name: string): void;
  /** Of a group: what is to be whole, and what stands behind it where there is room. */
  seesGroup(name: string, more: string): void;
}

export interface RowMarks {
  /** The active cell's column, 0 is the name; null when another row is active. */
  readonly active: number | null;
}

/** The id of the active cell, which the grid points to. */
export const ACTIVE_ID = 'active-cell';

/** A run's row. */
export function runRow(
  context: RowContext,
  run: TableRun,
  index: number,
  { active }: RowMarks,
): TemplateResult {
  const { layout } = context;
  const slot = context.slots.get(run.runId) ?? null;
  const isOn = context.slots.has(run.runId);
  context.seesName(run.name);
  const cell = (column: LaidColumn, n: number) => runCell(context, column, n, run, index, active === n + 1);
  return html`<div class="frozen" role="presentation">
      <span
        role="gridcell"
        aria-colindex="1"
        class="eye"
        data-column="eye"
        title=${isOn ? t('On in charts') : t('Off in charts')}
        ><i
          class="codicon codicon-${isOn ? 'eye' : 'eye-closed'}"
          role="img"
          aria-label=${isOn ? t('on in charts') : t('off in charts')}
        ></i
      ></span>
      <span
        role="rowheader"
        aria-colindex="2"
        class="name"
        data-column="name"
        id=${active === 0 ? ACTIVE_ID : nothing}
        aria-label=${rowWords(context, run, isOn)}
        title=${run.name}
        >${dot(slot)}<i
          class="codicon codicon-${stateIcon(run.state)} state-${run.state}"
          aria-hidden="true"
        ></i
        ><bdi class="name-text ${run.runId === context.bestId ? 'strong' : ''}">${run.name}</bdi
        >${marks(context, run)}</span
      >
      ${pinnedOnes(layout, cell)}
    </div>
    ${inPlaces(layout, context, nothing, cell)}`;
}

/** A group's row: what its runs share, and mean ± deviation of what they do not. */
export function groupRow(
  context: RowContext,
  group: TableGroup,
  index: number,
  { active }: RowMarks,
): TemplateResult {
  const { layout } = context;
  const title = context.groupBy === null ? '' : columnTitle(context.groupBy);
  const label = group.value === '' ? t('without {0}', title) : `${title} = ${group.value}`;
  const runs = group.runCount === 1 ? t('1 run') : t('{0} runs', formatCount(group.runCount));
  const seeds = group.seedCount > 1 ? t('{0} seeds', formatCount(group.seedCount)) : '';
  const count = seeds === '' ? runs : `${runs}, ${seeds}`;
  const cell = (column: LaidColumn, n: number) => {
    const known = context.cell(index, column.shown.key);
    const own = known !== null && typeof known === 'object' ? known : undefined;
    if (own?.kind === 'numbers' && group.seedCount > 1 && column.shown.column.kind === 'metric') {
      if (context.numbers(column.shown.key).seeSpread(own.deviation)) context.readsOtherwise();
    }
    return groupCell(context, column, n, own, active === n + 1);
  };
  context.seesGroup(`${label} ${runs}`, seeds === '' ? '' : `, ${seeds}`);
  return html`<div class="frozen" role="presentation">
      <span
        role="rowheader"
        aria-colindex="1"
        class="group-name"
        data-column="name"
        id=${active === 0 ? ACTIVE_ID : nothing}
        title="${label}, ${count}"
        ><i class="codicon codicon-chevron-${group.isFolded ? 'right' : 'down'}" aria-hidden="true"></i
        ><bdi class="name-text strong">${label}</bdi
        ><span class="dim">${runs}</span
        >${seeds === '' ? nothing : html`<span class="dim group-seeds">, ${seeds}</span>`}</span
      >
      ${pinnedOnes(layout, cell)}
    </div>
    ${inPlaces(layout, context, nothing, cell)}`;
}

/** A row that was not read yet. */
export function emptyRow(): TemplateResult {
  return html`<div class="frozen" role="presentation"><span role="rowheader" class="name"></span></div>`;
}

/** "brisk-otter, finished, best, on in charts": what the row shows by marks and colours, in words. */
function rowWords(context: RowContext, run: TableRun, isOn: boolean): string {
  return [
    run.name,
    stateWord(run.state),
    ...(run.runId === context.bestId ? [t('best')] : []),
    ...(run.runId === context.championId ? [t('champion')] : []),
    ...(run.starred ? [t('starred')] : []),
    ...(run.archived ? [t('archived')] : []),
    ...(run.hasNote ? [t('has a note')] : []),
    isOn ? t('on in charts') : t('off in charts'),
  ].join(', ');
}

function marks(context: RowContext, run: TableRun): TemplateResult {
  return html`${
    run.runId === context.championId
      ? html`<i class="codicon codicon-verified-filled champion" title=${t('Champion')}></i>`
      : nothing
  }${run.starred ? html`<i class="codicon codicon-star-full star" title=${t('Starred')}></i>` : nothing}${
    run.hasNote ? html`<i class="codicon codicon-note dim" title=${t('Has a note')}></i>` : nothing
  }${run.archived ? html`<i class="codicon codicon-archive dim" title=${t('Archived')}></i>` : nothing}`;
}

function dot(slot: number | null): TemplateResult {
  const { colour, dash } = styleOf(slot);
  return html`<i
    class="run-dot ${slot === null ? 'off' : `colour${colour} ${dash}`}"
    aria-hidden="true"
  ></i>`;
}

export function stateIcon(state: RunState): string {
  switch (state) {
    case 'queued':
      return 'history';
    case 'running':
      return 'play-circle';
    case 'finished':
      return 'pass';
    case 'failed':
      return 'error';
    case 'stopped':
      return 'circle-slash';
    case 'pruned':
      return 'discard';
    case 'lost':
      return 'question';
  }
}

function runCell(
  context: RowContext,
  column: LaidColumn,
  n: number,
  run: TableRun,
  index: number,
  isActive: boolean,
): TemplateResult {
  const { shown } = column;
  const id = isActive ? ACTIVE_ID : nothing;
  const known = context.cell(index, shown.key);
  if (known === undefined || (known !== null && typeof known === 'object')) {
    return html`<span
      role="gridcell"
      aria-colindex=${n + 3}
      class="cell k${n}"
      data-column=${n}
      id=${id}
    ></span>`;
  }
  const sentence = shown.isGoal ? sentenceOf(run, known) : null;
  if (sentence !== null) {
    return html`<span
      role="gridcell"
      aria-colindex=${n + 3}
      class="cell k${n} sentence ${run.state}"
      data-column=${n}
      id=${id}
      title=${sentence}
      >${sentence}</span
    >`;
  }
  const text = cellText(shown, known, run, formatOf(context, shown, cellNumber(known)), context.now);
  context.sees(column, text, false);
  const isQuiet = text === '–';
  if (shown.isNumeric && shown.look === 'bars') {
    return barCell(context, column, n, run, known, text, id);
  }
  const share = shown.isNumeric && shown.look === 'heat' ? shareOf(context, shown.key, known) : null;
  const isLive =
    run.state === 'running' && shown.column.kind === 'attribute' && shown.column.name === 'started';
  return html`<span
    role="gridcell"
    aria-colindex=${n + 3}
    class="cell k${n} ${shown.isNumeric ? 'number' : ''} ${isQuiet ? 'dim' : ''} ${isLive ? 'live' : ''} ${share === null ? '' : `heat heat${Math.round(share * 10)}`}"
    data-column=${n}
    id=${id}
    title=${shown.isNumeric ? nothing : text}
    >${shown.isNumeric ? text : html`<bdi>${text}</bdi>`}</span
  >`;
}

/** The format of a metric's column, which has seen the number. */
function formatOf(
  context: RowContext,
  { column, key }: ShownColumn,
  value: number | null,
): ColumnNumbers | undefined {
  if (column.kind !== 'metric') return undefined;
  const format = context.numbers(key);
  if (value !== null && format.see(value)) context.readsOtherwise();
  return format;
}

function barCell(
  context: RowContext,
  { shown }: LaidColumn,
  n: number,
  run: TableRun,
  cell: Cell,
  text: string,
  id: string | typeof nothing,
): TemplateResult {
  const share = shareOf(context, shown.key, cell);
  const slot = shown.isGoal ? (context.slots.get(run.runId) ?? null) : null;
  const colour = slot === null ? 'off' : `colour${styleOf(slot).colour}`;
  const isBest = shown.isGoal && run.runId === context.bestId;
  return html`<span role="gridcell" aria-colindex=${n + 3} class="cell k${n} bars" data-column=${n} id=${id}
    ><span class="track" aria-hidden="true"
      >${share === null ? nothing : html`<i class="fill ${colour}" ${place(0, share)}></i>`}${
        shown.isGoal ? lines(context) : nothing
      }</span
    ><span class="number bar-value ${isBest ? 'strong' : ''} ${text === '–' ? 'dim' : ''}"
      >${text}</span
    ></span
  >`;
}

function lines(context: RowContext): TemplateResult {
  return html`${context.hasChampionLine ? html`<i class="line champion-line"></i>` : nothing}${
    context.hasTargetLine ? html`<i class="line target-line"></i>` : nothing
  }`;
}

function shareOf(context: RowContext, key: string, cell: Cell): number | null {
  const range = context.range(key);
  const value = cellNumber(cell);
  return range === null || value === null ? null : placeIn(range, value);
}

function groupCell(
  context: RowContext,
  column: LaidColumn,
  n: number,
  cell: GroupCell | undefined,
  isActive: boolean,
): TemplateResult {
  const { shown } = column;
  const id = isActive ? ACTIVE_ID : nothing;
  const isBars = shown.isNumeric && shown.look === 'bars';
  const numbers = cell?.kind === 'numbers' ? cell : null;
  const text =
    numbers === null ? (cell?.kind === 'same' ? cell.text : '') : groupNumber(context, column, numbers.mean);
  const deviation =
    numbers === null || numbers.deviation === null || shown.column.kind !== 'metric'
      ? ''
      : ` ± ${groupNumber(context, column, numbers.deviation)}`;
  const title =
    numbers === null
      ? nothing
      : numbers.deviation === null
        ? t('{0}: mean of {1}', columnWord(shown.column), formatCount(numbers.count))
        : t('{0}: mean ± standard deviation of {1}', columnWord(shown.column), formatCount(numbers.count));
  // A mean of params or of starts says nothing; what they share does.
  const isShown = numbers === null || shown.column.kind === 'metric' || isMeasured(column);
  if (!isBars) {
    return html`<span
      role="gridcell"
      aria-colindex=${n + 3}
      class="cell k${n} dim ${shown.isNumeric ? 'number' : ''}"
      data-column=${n}
      id=${id}
      title=${isShown ? title : nothing}
      >${isShown ? text : ''}</span
    >`;
  }
  const whole = `${text}${deviation}`;
  if (isShown) context.sees(column, whole, true);
  return html`<span
    role="gridcell"
    aria-colindex=${n + 3}
    class="cell k${n} bars"
    data-column=${n}
    id=${id}
    title=${title}
    ><span class="track" aria-hidden="true"
      >${numbers === null ? nothing : whisker(context, shown.key, numbers.mean, numbers.deviation ?? 0)}${
        shown.isGoal ? lines(context) : nothing
      }</span
    ><span class="number group-value" aria-label=${whole}
      ><b class="group-mean strong">${text}</b><span class="dim">${deviation}</span></span
    ></span
  >`;
}

function isMeasured({ shown }: LaidColumn): boolean {
  const { column } = shown;
  return column.kind === 'attribute' && ['duration', 'cost', 'energy'].includes(column.name);
}

function groupNumber(context: RowContext, { shown }: LaidColumn, value: number): string {
  const { column } = shown;
  if (column.kind === 'attribute') {
    return cellText(shown, value, { state: 'finished', startedAt: null }, undefined, context.now);
  }
  return context.numbers(shown.key).format(value);
}

function whisker(
  context: RowContext,
  key: string,
  mean: number,
  deviation: number,
): TemplateResult | typeof nothing {
  const range = context.range(key);
  const middle = range === null ? null : placeIn(range, mean);
  if (range === null || middle === null) return nothing;
  const low = placeIn(range, mean - deviation) ?? middle;
  const high = placeIn(range, mean + deviation) ?? middle;
  return html`<i class="whisker" ${place(low, high - low)}></i><i class="mean" ${place(middle)}></i>`;
}
