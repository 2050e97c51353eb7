import { runId } from '../../../src/api/wire';
import type { ChartSpec } from '../../../src/model/chartSpec';
import type { Cell, Column } from '../../../src/model/table';
import { aRun } from '../fixtures';
import type { ChartInput } from '../kind';
import type { Theme } from '../theme';

/** A theme of any colours. */
export const theme: Theme = {
  isHighContrast: false,
  fontFamily: 'sans-serif',
  foreground: '#cccccc',
  background: '#1f1f1f',
  description: '#999999',
  gridLine: '#333333',
  passed: '#00ff00',
  failed: '#ff0000',
  accent: '#3794ff',
  champion: '#e2b714',
  focus: '#0078d4',
  runs: ['#888888', '#4ea3f3'],
  faintRuns: ['#888888', '#4ea3f3'],
};

export const param = (name: string): Column => ({ kind: 'param', name });
export const metric = (name: string): Column => ({ kind: 'metric', name, of: 'best' });

/** What a chart is drawn from: runs r0, r1 … with these cells by column; `on` are the places of runs with a colour. */
export function inputOf<Spec extends ChartSpec>(
  spec: Spec,
  columns: readonly (readonly [Column, readonly Cell[]])[],
  more: Partial<ChartInput<Spec>> & { readonly on?: readonly number[] } = {},
): ChartInput<Spec> {
  const count = columns[0]?.[1].length ?? 0;
  const ids = Array.from({ length: count }, (_, index) => idOf(index));
  const { on = [], ...rest } = more;
  const runs = on.map((index, slot) => aRun({ runId: idOf(index), name: `r${index}`, slot: slot + 1 }));
  return {
    spec,
    board: { x: { kind: 'step' }, smoothing: 0, joinSeeds: false, ignoreOutliers: false },
    goal: { metric: 'val_accuracy', direction: 'maximize', target: 0.9 },
    theme,
    runs,
    series: new Map(),
    columns: {
      runIds: ids,
      names: ids.map((_, index) => `r${index}`),
      states: ids.map(() => 'finished' as const),
      cells: columns.map(([, cells]) => cells),
      runCount: count,
    },
    wanted: columns.map(([column]) => column),
    emphasised: null,
    championId: null,
    ...rest,
  };
}

export function idOf(index: number) {
  return runId.parse((index + 1).toString(16).padStart(32, '0'));
}
