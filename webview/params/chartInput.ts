import type { FormKnown } from '../../src/api/paramsPage';
import type { ParamSpec } from '../../src/model/param';
import type { ParamGrid } from '../../src/model/paramGrid';
import type { ParamLinesInput } from '../charts/paramLines';
import { t } from '../ui/l10n';
import { axisOf } from './axis';
import { isNumeric, isSeed, valueIn } from './likeness';

/** The params that a chart can have on its x axis: those of which several values were tried, most first. */
export function chartParams(specs: readonly ParamSpec[], known: FormKnown): readonly ParamSpec[] {
  const counts = specs
    .map((spec) => ({
      spec,
      count: new Set(known.runs.flatMap((run) => (run.goal === null ? [] : (run.values[spec.name] ?? []))))
        .size,
    }))
    .filter(({ count }) => count > 1);
  // Seeds only repeat, and words have no distance.
  const rank = ({ spec, count }: (typeof counts)[number]) =>
    count - (isSeed(spec) ? 1e6 : 0) - (isNumeric(spec) ? 0 : 1e3);
  return counts.sort((a, b) => rank(b) - rank(a)).map(({ spec }) => spec);
}

const MOST_LINES = 6; // More lines than that are a tangle.

/** The param whose values make the lines: of those with few values the one with most; null: one line for all. */
export function lineParam(params: readonly ParamSpec[], x: ParamSpec, known: FormKnown): ParamSpec | null {
  const others = params.filter((spec) => spec !== x && !isSeed(spec));
  const counted = others.map((spec) => ({
    spec,
    count: new Set(known.runs.map((run) => valueIn(run, spec))).size,
  }));
  const few = counted.filter(({ count }) => count <= MOST_LINES).sort((a, b) => b.count - a.count);
  return few[0]?.spec ?? null;
}

/** What the chart of the goal over `x` is made of; null without a goal or a value on the axis. */
export function chartInput(
  x: ParamSpec,
  line: ParamSpec | null,
  known: FormKnown,
  grid: ParamGrid,
): ParamLinesInput | null {
  const { goal } = known;
  const runs = known.runs.filter((run) => run.goal !== null && run.values[x.name] !== undefined);
  if (goal === null || runs.length === 0) return null;
  const axis = axisOf(
    x,
    runs.map((run) => valueIn(run, x)),
  );
  const now = grid.problems[x.name] === undefined ? (grid.values[x.name] ?? []) : [];
  const places = now.flatMap((value) => axis.at(value) ?? []);
  return {
    axis: axis.kind,
    points: runs.flatMap((run) => {
      const at = axis.at(valueIn(run, x));
      if (at === null || run.goal === null) return [];
      return [{ x: at, y: run.goal, line: line === null ? '' : `${line.name} ${valueIn(run, line)}` }];
    }),
    ticks: axis.values.flatMap((value) => {
      const at = axis.at(value);
      return at === null ? [] : [{ at, text: value }];
    }),
    goal,
    now: places,
    nowText: now.length === 1 ? t('{0} {1}, now', x.name, now[0] ?? '') : t('now'),
  };
}
