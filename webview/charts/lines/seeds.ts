import type { ChartRun } from '../../../src/api/pages';
import { configurationOf, isSeed, tQuantile975 } from '../../../src/model/noise';
import type { RunId } from '../../../src/model/run';
import { styleOf } from '../../ui/runStyle';
import type { Band, Curve, Line } from './types';

const MAX_GRID = 600; // Points of a mean: as many as a chart has pixels for, and enough for its shape.
const MAX_NAMED = 3; // Params in a line's name; more is a list nobody reads.

type Params = Readonly<Record<string, string>>;

/**
 * Makes one line of the runs that differ in their seeds only: the mean, with what lies around it. Lines that have no
 * second run like them stay as they are. Runs are compared where both have points; between two points a run is taken as
 * a straight line, so that one that logs every step and one that logs every thousandth go together.
 */
export function joinSeeds(
  lines: readonly Line[],
  params: ReadonlyMap<RunId, Params>,
  bestRunId: RunId | null,
): readonly Line[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const own = params.get(line.run.runId);
    const key = own === undefined ? line.run.runId : configurationOf(own);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const names = namesOf(
    [...groups.values()].map((group) => params.get(group[0]?.run.runId ?? firstOf(lines)) ?? {}),
  );
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    if (first === undefined) return [];
    if (group.length === 1) return [first];
    // One group has one colour in all charts: its best run by the goal, else the one that was turned on first.
    const best = group.find(({ run }) => run.runId === bestRunId) ?? first;
    return [joined(group, best, names[index] ?? '')];
  });
}

function firstOf(lines: readonly Line[]): RunId {
  const [line] = lines;
  if (line === undefined) throw new RangeError('There are no lines.');
  return line.run.runId;
}

/** What tells configurations apart: the params in which they differ, such as "hidden 64". */
function namesOf(all: readonly Params[]): readonly string[] {
  const names = [...new Set(all.flatMap((params) => Object.keys(params)))].filter((name) => !isSeed(name));
  const telling = names
    .filter((name) => new Set(all.map((params) => params[name])).size > 1)
    .slice(0, MAX_NAMED);
  return all.map((params) => telling.map((name) => `${name} ${params[name] ?? '–'}`).join(', '));
}

function joined(group: readonly Line[], best: Line, name: string): Line {
  const x = gridOf(group.map(({ curve }) => curve.x));
  const raw = statisticsAt(
    x,
    group.map(({ curve }) => ({ x: curve.x, y: curve.y })),
  );
  const isSmooth = best.curve.smooth !== null;
  const smooth = isSmooth
    ? statisticsAt(
        x,
        group.map(({ curve }) => ({ x: curve.x, y: curve.smooth ?? curve.y })),
      )
    : null;
  const shown = smooth ?? raw;
  const curve: Curve = {
    x,
    y: raw.mean,
    smooth: smooth?.mean ?? null,
    values: raw.mean,
    steps: x,
    isSorted: true,
  };
  const runs: readonly ChartRun[] = group.map(({ run }) => run);
  const order = ['strong', 'normal', 'faint'] as const;
  return {
    ...best,
    ...styleOf(best.run.slot),
    name: name === '' ? best.name : name,
    runCount: runs.length,
    runIds: runs.map(({ runId }) => runId),
    weight: order.find((weight) => group.some((line) => line.weight === weight)) ?? 'normal',
    curve,
    band: shown.band,
    marks: [],
    isChampion: group.some(({ isChampion }) => isChampion),
  };
}

/** Where any of the runs has a point; evenly spaced when that is too many. */
function gridOf(all: readonly Float64Array[]): Float64Array {
  const places = new Set<number>();
  let [min, max] = [Infinity, -Infinity];
  for (const xs of all) {
    for (const x of xs) {
      if (!Number.isFinite(x)) continue;
      if (places.size <= MAX_GRID) places.add(x);
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
  }
  if (places.size <= MAX_GRID) return Float64Array.from(places).sort();
  return Float64Array.from({ length: MAX_GRID }, (_, index) => min + ((max - min) * index) / (MAX_GRID - 1));
}

interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function statisticsAt(
  grid: Float64Array,
  runs: readonly Samples[],
): { readonly mean: Float64Array; readonly band: Band } {
  const columns = runs.map((run) => resampled(run, grid));
  const mean = new Float64Array(grid.length).fill(NaN);
  const low = new Float64Array(grid.length).fill(NaN);
  const high = new Float64Array(grid.length).fill(NaN);
  const kind = runs.length > 2 ? 'interval' : 'extremes';
  for (let index = 0; index < grid.length; index += 1) {
    let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
    for (const column of columns) {
      const value = column[index] ?? NaN;
      if (Number.isNaN(value)) continue;
      count += 1;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (count === 0) continue;
    const middle = sum / count;
    mean[index] = middle;
    if (count < 2) continue;
    if (kind === 'extremes' || count < 3) {
      low[index] = min;
      high[index] = max;
      continue;
    }
    let squares = 0;
    for (const column of columns) {
      const value = column[index] ?? NaN;
      if (!Number.isNaN(value)) squares += (value - middle) ** 2;
    }
    // Student's interval of a mean: t(0.975, n − 1) · s / √n.
    const half = tQuantile975(count - 1) * Math.sqrt(squares / (count - 1) / count);
    low[index] = middle - half;
    high[index] = middle + half;
  }
  return { mean, band: { low, high, kind } };
}

/** A run at the places of a grid: straight lines between its points, nothing outside of them and in its gaps. */
function resampled({ x, y }: Samples, grid: Float64Array): Float64Array {
  const values = new Float64Array(grid.length).fill(NaN);
  let next = 0;
  for (let index = 0; index < grid.length; index += 1) {
    const at = grid[index] ?? NaN;
    while (next < x.length && (x[next] ?? Infinity) < at) next += 1;
    const to = x[next];
    if (to === undefined) break;
    const b = y[next] ?? NaN;
    if (to === at) values[index] = b;
    else if (next > 0) {
      const from = x[next - 1] ?? NaN;
      const a = y[next - 1] ?? NaN;
      values[index] = a + ((b - a) * (at - from)) / (to - from);
    }
  }
  return values;
}
