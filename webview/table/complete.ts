import { type FilterContext, contextAt, nameFor } from '../../src/model/filterText';
import { defaultDirection, type Goal } from '../../src/model/goal';
import { RUN_STATES } from '../../src/model/run';
import { ATTRIBUTES, type Column, type ColumnInfo, type MetricFacet } from '../../src/model/table';
import { t } from '../ui/l10n';
import { roundedNumber } from './barRange';
import { isSystem } from './columns';

/** What can stand where the cursor is. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  /** What was typed of it, for showing where it is found. */
  readonly typed: string;
  readonly items: readonly CompletionItem[];
  /** A column whose values are to be asked for and added; null: none. */
  readonly valuesOf: Column | null;
  /** Whether the first item is taken by Enter without being chosen. */
  readonly isEager: boolean;
}

export interface CompletionItem {
  readonly text: string;
  readonly detail: string;
  readonly icon: string;
}

const MOST_ITEMS = 50;
const FACETS: readonly MetricFacet[] = ['last', 'best', 'min', 'max'];
const FEW_FACETS: readonly MetricFacet[] = ['last', 'best'];
const TEXT_OPERATORS = ['=', '!=', '~', 'in ('];
const NUMBER_OPERATORS = ['>', '>=', '<', '<=', '=', '!='];

/** Completes a filter at the cursor from what is known of the columns. Null: there is nothing to offer. */
export function complete(
  filter: string,
  cursor: number,
  infos: readonly ColumnInfo[],
  goal: Goal | null,
): Completion | null {
  const context = contextAt(filter, cursor);
  const { from, to, typed } = context;
  const found = itemsFor(context, filter.slice(from, cursor), infos, goal);
  const valuesOf = context.kind === 'value' ? valuesColumn(context, infos) : null;
  if (found.length === 0 && valuesOf === null) return null;
  // What stands there already needs no list.
  if (found.length === 1 && found[0]?.text === filter.slice(from, to)) return null;
  const isEager = context.kind !== 'value' && typed !== '';
  return {
    from,
    to,
    typed: filter.slice(from, cursor),
    items: found.slice(0, MOST_ITEMS),
    valuesOf,
    isEager,
  };
}

/** A text as a value of a filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function itemsFor(
  context: FilterContext,
  written: string,
  infos: readonly ColumnInfo[],
  goal: Goal | null,
): readonly CompletionItem[] {
  switch (context.kind) {
    case 'start':
    case 'key': {
      const words = written.toLowerCase();
      const names = nameItems(infos, goal, words).filter(({ text }) => text.toLowerCase().includes(words));
      // What begins with it comes first, as in the editor.
      const begins = ({ text }: CompletionItem) => Number(text.toLowerCase().startsWith(words));
      return names.sort((a, b) => begins(b) - begins(a));
    }
    case 'operator': {
      const isText =
        context.name.kind === 'tag' || context.name.kind === 'dataset' || isTextAttribute(context);
      const operators = isText
        ? TEXT_OPERATORS
        : context.name.kind === 'param'
          ? [...NUMBER_OPERATORS, '~', 'in (']
          : NUMBER_OPERATORS;
      return [...operators, 'is null', 'is not null']
        .filter((text) => text.startsWith(context.typed.toLowerCase()))
        .map((text) => ({ text, detail: operatorWord(text), icon: 'symbol-operator' }));
    }
    case 'value':
      return valueItems(context).filter(({ text }) =>
        text.toLowerCase().includes(written.replace(/^['"]/, '').toLowerCase()),
      );
    case 'logic':
      return ['and', 'or']
        .filter((text) => text.startsWith(context.typed.toLowerCase()))
        .map((text) => ({
          text,
          detail: text === 'and' ? t('both') : t('one of them'),
          icon: 'symbol-keyword',
        }));
  }
}

/** @param typed the least and the greatest value are offered once the metric itself is written. */
function nameItems(infos: readonly ColumnInfo[], goal: Goal | null, typed: string): CompletionItem[] {
  const items: CompletionItem[] = [];
  const metrics = infos.filter(({ column }) => column.kind === 'metric');
  const rank = (name: string) => (name === goal?.metric ? 0 : isSystem(name) ? 2 : 1);
  metrics.sort((a, b) => rank(a.column.name) - rank(b.column.name));
  for (const info of metrics) {
    const isWritten = typed.includes(info.column.name.toLowerCase());
    for (const of of isWritten ? FACETS : FEW_FACETS) {
      const column: Column = { kind: 'metric', name: info.column.name, of };
      const detail =
        of === 'last'
          ? [rangeOf(info), ...(info.column.name === goal?.metric ? [t('goal')] : [])]
              .filter(Boolean)
              .join(', ')
          : facetDetail(of, info.column.name, goal);
      items.push({ text: nameFor(column), detail, icon: 'symbol-ruler' });
    }
  }
  for (const info of infos) {
    const { column } = info;
    if (column.kind === 'param')
      items.push({ text: nameFor(column), detail: rangeOf(info), icon: 'symbol-parameter' });
  }
  for (const info of infos) {
    const { column } = info;
    if (column.kind === 'tag') items.push({ text: nameFor(column), detail: t('tag'), icon: 'tag' });
  }
  for (const name of ['name', ...ATTRIBUTES, 'starred', 'archived']) {
    items.push({ text: name, detail: t('of the run'), icon: 'symbol-property' });
  }
  return items;
}

function rangeOf({ column, min, max }: ColumnInfo): string {
  if (min === null || max === null) return column.kind === 'metric' ? t('last') : t('param');
  const range = t('{0} to {1}', roundedNumber(min), roundedNumber(max));
  return column.kind === 'metric' ? `${t('last')}, ${range}` : range;
}

function facetDetail(of: MetricFacet, metric: string, goal: Goal | null): string {
  const best = goal?.metric === metric ? goal.direction : defaultDirection(metric);
  const isHighest = of === 'max' || (of === 'best' && best === 'maximize');
  return isHighest ? t('highest value of the run') : t('lowest value of the run');
}

function operatorWord(operator: string): string {
  switch (operator) {
    case '=':
      return t('is');
    case '!=':
      return t('is not');
    case '~':
      return t('contains');
    case 'in (':
      return t('is one of');
    case 'is null':
      return t('is missing');
    case 'is not null':
      return t('is there');
    case '>':
      return t('more than');
    case '>=':
      return t('at least');
    case '<':
      return t('less than');
    default:
      return t('at most');
  }
}

function valueItems(context: FilterContext & { kind: 'value' }): CompletionItem[] {
  const { name } = context;
  if (name.kind !== 'attribute') return [];
  if (name.name === 'state')
    return RUN_STATES.map((text) => ({ text, detail: '', icon: 'symbol-enum-member' }));
  if (name.name === 'started' || name.name === 'ended') {
    return [
      { text: 'today', detail: '', icon: 'calendar' },
      { text: 'yesterday', detail: '', icon: 'calendar' },
      { text: '-1h', detail: t('an hour ago'), icon: 'calendar' },
      { text: '-7d', detail: t('a week ago'), icon: 'calendar' },
    ];
  }
  if (name.name === 'duration') return [{ text: '10min', detail: '', icon: 'watch' }];
  if (name.name === 'dirty')
    return ['yes', 'no'].map((text) => ({ text, detail: '', icon: 'symbol-enum-member' }));
  return [];
}

/** Whose values are asked of the server: texts, since numbers are seldom typed twice alike. */
function valuesColumn(
  context: FilterContext & { kind: 'value' },
  infos: readonly ColumnInfo[],
): Column | null {
  const { name } = context;
  switch (name.kind) {
    case 'param':
    case 'tag': {
      const known = infos.some(({ column }) => column.kind === name.kind && column.name === name.name);
      return known ? { kind: name.kind, name: name.name } : null;
    }
    case 'attribute': {
      const attribute = ATTRIBUTES.find((one) => one === name.name);
      const isText =
        attribute !== undefined && ['branch', 'commit', 'data', 'user', 'script'].includes(attribute);
      return isText ? { kind: 'attribute', name: attribute } : null;
    }
    default:
      return null;
  }
}

function isTextAttribute({ name }: FilterContext & { kind: 'operator' }): boolean {
  return name.kind === 'attribute' && !['started', 'ended', 'duration', 'cost', 'energy'].includes(name.name);
}
