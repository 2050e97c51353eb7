import type { ChartDataset } from 'chart.js';
import { styleOf } from '../../ui/runStyle';
import type { Theme } from '../theme';
import type { PlotRun } from './columns';

/** Points that look alike. */
export interface PointGroup {
  /** 0 is grey. */
  readonly colour: number;
  /** Which eight of the colours: their marks differ. */
  readonly shape: 'circle' | 'rect' | 'triangle' | 'cross';
  /** Rows, in their order along x. */
  readonly indexes: Uint32Array;
  readonly step: 'back' | 'front';
}

/** Runs with a place on both axes: those that are off first, so that those that are on lie over them. */
export function groupPoints(
  runs: readonly PlotRun[],
  xs: Float64Array,
  ys: Float64Array,
): readonly PointGroup[] {
  const groups = new Map<string, { group: Omit<PointGroup, 'indexes'>; rows: number[] }>();
  for (const [row, run] of runs.entries()) {
    if (Number.isNaN(xs[row] ?? NaN) || Number.isNaN(ys[row] ?? NaN)) continue;
    const { colour, dash } = styleOf(run.slot);
    const isFailed = run.state === 'failed' || run.state === 'lost';
    const shape = isFailed ? 'cross' : dash === 'solid' ? 'circle' : dash === 'dashed' ? 'rect' : 'triangle';
    const key = `${colour} ${shape}`;
    const found = groups.get(key);
    if (found !== undefined) found.rows.push(row);
    else groups.set(key, { group: { colour, shape, step: colour === 0 ? 'back' : 'front' }, rows: [row] });
  }
  return [...groups.values()]
    .sort((a, b) => a.group.colour - b.group.colour)
    .map(({ group, rows }) => ({
      ...group,
      indexes: Uint32Array.from(rows.sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0))),
    }));
}

const CONTRAST_SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot', 'dash', 'line'] as const;

/** The points of a group as Chart.js draws them. */
export function datasetOf(
  group: PointGroup,
  xs: Float64Array,
  ys: Float64Array,
  radii: Float64Array | null,
  theme: Theme,
): ChartDataset<'scatter'> {
  const colour = theme.runs[group.colour] ?? theme.foreground;
  const isMany = group.indexes.length > 2_000;
  const plain = group.step === 'front' ? 4.5 : isMany ? 2 : 3;
  const byColour = CONTRAST_SHAPES[(group.colour + 7) % 8] ?? 'circle';
  return {
    data: Array.from(group.indexes, (row) => ({ x: xs[row] ?? NaN, y: ys[row] ?? NaN })),
    pointBackgroundColor: colour,
    pointBorderColor: group.shape === 'cross' ? colour : theme.background,
    pointBorderWidth: group.shape === 'cross' ? 2 : isMany ? 0 : 1,
    pointStyle:
      group.shape === 'cross'
        ? 'crossRot'
        : theme.isHighContrast && group.colour > 0 && group.shape === 'circle'
          ? byColour
          : group.shape,
    pointRadius: radii === null ? plain : Array.from(group.indexes, (row) => radii[row] ?? plain),
  };
}
