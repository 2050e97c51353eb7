import { findParams } from '../../code/params/findParams';
import { formatCount, formatColumn } from '../../model/format';
import { isBetter } from '../../model/goal';
import type { ParamSpec } from '../../model/param';
import { chartLink, escapeMarkdown, paragraphs, picture, runLink, table } from '../markdown';
import { type Picture, drawPicture } from '../picture';
import type { ParamUsage } from '../usage';
import type { HoverFeature, HoverRequest } from './feature';

const MOST_ROWS = 6; // With heading, picture and links a hover has 16 lines at most.

/** On a flag, `args.lr`, a keyword or a logged param: the values that were tried and what came of them. */
export const paramHover: HoverFeature = {
  kind: 'param',
  async show(usage, request, signal) {
    const known = await usage.paramUsage(request.symbol.name, signal);
    const spec = findParams(request.source).find(({ name }) => name === request.symbol.name);
    return known === null ? null : write(known, spec, request);
  },
};

type Tried = ParamUsage['values'][number];

function write(
  known: ParamUsage,
  spec: ParamSpec | undefined,
  { fileName, folder, theme }: HoverRequest,
): string {
  const { param, goal, best, last } = known;
  const tried = inOrder(known.values);
  const svg = goal === null ? null : drawPicture(pictureOf(tried), theme);
  return paragraphs([
    `**${escapeMarkdown(param)}** ${headingOf(known, spec, fileName)}`,
    [
      best === null ? null : `Best **${escapeMarkdown(best.value)}** ${runLink(folder, best.run)}`,
      `Last **${escapeMarkdown(last.value)}** ${runLink(folder, last.run)}`,
    ]
      .filter((part) => part !== null)
      .join(' · '),
    tableOf(known, tried),
    svg === null || goal === null ? null : picture(`Best ${goal.metric} by ${param}`, svg),
    [
      goal === null
        ? null
        : chartLink(folder, best === null ? [last.run] : [best.run, last.run], goal.metric),
      runLink(folder, (best ?? last).run, best === null ? 'Open Last Run' : 'Open Best Run'),
    ]
      .filter((link) => link !== null)
      .join(' | '),
  ]);
}

/** "param of train.py: --lr, float, default 0.003", or how many runs have it. */
function headingOf(known: ParamUsage, spec: ParamSpec | undefined, fileName: string): string {
  if (spec === undefined)
    return known.runCount === 1 ? 'param of 1 run' : `param of ${formatCount(known.runCount)} runs`;
  const facts = [
    spec.flag,
    spec.type,
    spec.defaultValue === null ? null : `default ${spec.defaultValue}`,
  ].filter((fact) => fact !== null);
  return escapeMarkdown(`param of ${fileName}: ${facts.join(', ')}`);
}

function tableOf({ param, goal, values }: ParamUsage, tried: readonly Tried[]): string {
  const shown = shownOf(tried, values, goal?.direction ?? 'maximize');
  const goals = formatColumn(shown.map(({ bestGoal }) => bestGoal));
  const bestGoal = shown
    .map((one) => one.bestGoal)
    .reduce((a, b) => {
      if (a === null || b === null) return a ?? b;
      return isBetter(b, a, goal?.direction ?? 'maximize') ? b : a;
    }, null);
  const rows = shown.map(({ value, runCount, bestGoal: own }, index) => {
    const text = goals[index] ?? '';
    const isBest = own !== null && own === bestGoal;
    const cells = [escapeMarkdown(value), formatCount(runCount)];
    return goal === null ? cells : [...cells, isBest ? `**${text}**` : text];
  });
  const head = [escapeMarkdown(param), 'runs'];
  const isNumeric = shown.every(({ value }) => numberOf(value) !== null);
  const side = isNumeric ? 'right' : 'left';
  const rest = tried.length - shown.length;
  const full =
    goal === null
      ? table([side, 'right'], head, rows)
      : table([side, 'right', 'right'], [...head, `best ${escapeMarkdown(goal.metric)}`], rows);
  return rest > 0 ? `${full}\n\nand ${rest} more ${rest === 1 ? 'value' : 'values'}` : full;
}

/** The rows that fit: those with the best goals first chosen, then the most used, shown in the order of values. */
function shownOf(
  tried: readonly Tried[],
  byUse: readonly Tried[],
  direction: 'maximize' | 'minimize',
): readonly Tried[] {
  if (tried.length <= MOST_ROWS) return tried;
  const ranked = [...byUse].sort((a, b) => {
    const [left, right] = [a.bestGoal ?? NaN, b.bestGoal ?? NaN];
    if (isBetter(left, right, direction)) return -1;
    return isBetter(right, left, direction) ? 1 : 0;
  });
  const chosen = new Set(ranked.slice(0, MOST_ROWS));
  return tried.filter((one) => chosen.has(one));
}

/** Numbers by size; words stay in the order they came, most used first. */
function inOrder(values: readonly Tried[]): readonly Tried[] {
  const isNumeric = values.every(({ value }) => numberOf(value) !== null);
  return isNumeric ? [...values].sort((a, b) => Number(a.value) - Number(b.value)) : values;
}

/** One dot a value: numbers by size, on a logarithmic axis when they span much; words side by side. */
function pictureOf(tried: readonly Tried[]): Picture {
  const withGoal = tried.filter(({ bestGoal }) => bestGoal !== null && Number.isFinite(bestGoal));
  const numbers = withGoal.map(({ value }) => numberOf(value));
  const isNumeric = numbers.every((number) => number !== null);
  const [least, most] = [Math.min(...numbers.map(Number)), Math.max(...numbers.map(Number))];
  const isWide = isNumeric && least > 0 && most / least >= WIDE;
  const placeOf = (index: number) => {
    const number = numbers[index] ?? null;
    if (!isNumeric || number === null) return index;
    return isWide ? Math.log10(number) : number;
  };
  const points = withGoal.map(({ bestGoal }, index) => ({ x: placeOf(index), y: bestGoal ?? NaN }));
  const ticks = withGoal.flatMap(({ value }, index) =>
    index === 0 || index === withGoal.length - 1 ? [{ x: placeOf(index), label: value.slice(0, 14) }] : [],
  );
  // A single value compares nothing.
  const curves =
    points.length < 2 ? [] : [{ label: '', colour: 'first' as const, shape: 'dots' as const, points }];
  return { curves, target: null, ticks };
}

const WIDE = 30; // From here on the small values would lie on top of each other.

function numberOf(text: string): number | null {
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
