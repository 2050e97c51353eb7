import type { ChartSpec } from '../../../src/model/chartSpec';
import type { Goal } from '../../../src/model/goal';
import type { ColumnInfo } from '../../../src/model/table';
import type { ChartKind } from '../kind';
import { linesOf } from '../kinds/lines';
import { compareNames } from '../metricNames';

/** What stands on a board, in its order. */
export interface BoardLayout {
  /** Pinned ones first. */
  readonly charts: readonly ChartSpec[];
  /** Metrics that none of these shows. */
  readonly further: readonly string[];
  /** Metrics of the machine. */
  readonly system: readonly string[];
}

const SYSTEM = 'system/';
const FEW_METRICS = 6; // Charts that a new board shows beside its goal; all others wait below.
const ENOUGH_RUNS = 8; // Fewer say nothing of a param's importance.
const SOME_RUNS = 3;

/** The charts of a view, or those that an experiment begins with, and the metrics that have none. */
export function layOutBoard(
  charts: readonly ChartSpec[] | null,
  columns: readonly ColumnInfo[],
  goal: Goal | null,
  kinds: readonly ChartKind[],
): BoardLayout {
  const all = columns.flatMap(({ column }) => (column.kind === 'metric' ? [column.name] : []));
  const metrics = [...new Set(all)].sort(compareNames);
  const shown = charts ?? defaultCharts(metrics, columns, goal, kinds);
  const drawn = new Set(shown.flatMap((spec) => (spec.kind === 'lines' ? [spec.metric] : [])));
  return {
    charts: [...shown.filter(({ pinned }) => pinned), ...shown.filter(({ pinned }) => !pinned)],
    further: metrics.filter((name) => !name.startsWith(SYSTEM) && !drawn.has(name)),
    system: metrics.filter((name) => name.startsWith(SYSTEM) && !drawn.has(name)),
  };
}

/** The goal first and wide, its loss beside what the params did to it, then a few other metrics. */
function defaultCharts(
  metrics: readonly string[],
  columns: readonly ColumnInfo[],
  goal: Goal | null,
  kinds: readonly ChartKind[],
): readonly ChartSpec[] {
  const own = metrics.filter((name) => !name.startsWith(SYSTEM));
  const lead = own.find((name) => name === goal?.metric) ?? own[0];
  if (lead === undefined) return [];
  const partner = partnerOf(lead, own);
  const runCount = Math.max(0, ...columns.map((info) => info.runCount));
  const propose = (kind: ChartSpec['kind'], span: ChartSpec['span']): readonly ChartSpec[] => {
    const spec = kinds.find((one) => one.kind === kind)?.propose(`default:${kind}`, columns, goal) ?? null;
    return spec === null ? [] : [{ ...spec, span }];
  };
  // An epoch is what others are drawn over.
  const rest = own
    .filter((name) => name !== lead && name !== partner && name !== 'epoch')
    .slice(0, FEW_METRICS);
  const importance = runCount >= ENOUGH_RUNS ? propose('importance', 1) : [];
  const small = rest.map((name) => linesOf(lineId(name), name));
  // Beside the loss there is something, or a row of two has a hole.
  const beside = importance.length > 0 || partner === null ? importance : small.splice(0, 1);
  return [
    linesOf(lineId(lead), lead, { span: 2 }),
    ...(partner === null ? [] : [linesOf(lineId(partner), partner)]),
    ...beside,
    ...(runCount >= SOME_RUNS ? propose('parallel', 2) : []),
    ...small,
  ];
}

/** The loss that goes with a metric: `val_loss` with `val_accuracy`, `loss` with `accuracy`. */
function partnerOf(metric: string, names: readonly string[]): string | null {
  const prefix = /^(val|valid|validation|test|eval|train)[_/.]/.exec(metric)?.[0] ?? '';
  const others = names.filter((name) => name !== metric);
  return (
    others.find((name) => name === `${prefix}loss`) ??
    others.find((name) => name.startsWith(prefix) && /loss/i.test(name)) ??
    others.find((name) => /loss|error/i.test(name)) ??
    null
  );
}

/** The id of the chart that a metric has while nobody made one for it. */
export function lineId(metric: string): string {
  return `metric:${metric}`;
}

/** Puts a chart before another one, or last; ids that are not there change nothing. */
export function moved(
  charts: readonly ChartSpec[],
  id: string,
  beforeId: string | null,
): readonly ChartSpec[] {
  const chart = charts.find((one) => one.id === id);
  if (chart === undefined || id === beforeId) return charts;
  const others = charts.filter((one) => one.id !== id);
  const at = beforeId === null ? others.length : others.findIndex((one) => one.id === beforeId);
  return at < 0 ? charts : [...others.slice(0, at), chart, ...others.slice(at)];
}
