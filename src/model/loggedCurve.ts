import { columnIn, readLogged, recordIn, tableIn } from './loggedJson';

/** The points of an ROC curve (false and true positive rates) or of a PR curve (recall and precision), along x. */
export interface LoggedCurve {
  readonly of: 'roc' | 'pr';
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Where each point's threshold is known; else NaN. */
  readonly thresholds: Float64Array;
  /** ROC: by the trapezoid rule. PR: average precision, Σ (Rₙ − Rₙ₋₁) Pₙ, as scikit-learn has it. */
  readonly area: number;
  /** PR: the share of positives, which is the precision where all are called positive. NaN when not known. */
  readonly baseRate: number;
}

const NAMES = {
  roc: { x: [/^fpr$/i, /^false[ _]positive[ _]rate$/i], y: [/^tpr$/i, /^true[ _]positive[ _]rate$/i] },
  pr: { x: [/^recall$/i, /^rec$/i], y: [/^precision$/i, /^prec$/i] },
} as const;

/**
 * The curve of a file; null when it has none of that kind. Known shapes: columns fpr and tpr, or precision and recall, with
 * thresholds or without, as JSON (lists by name, records, the split orient of `mlflow.log_table`) and CSV; also nested
 * under "roc_curve" and the like.
 */
export function readCurve(path: string, text: string, of: 'roc' | 'pr'): LoggedCurve | null {
  const value = readLogged(path, text);
  const nested = Object.values(recordIn(value) ?? {}).filter((one) => recordIn(one) !== null);
  for (const candidate of [value, ...nested]) {
    const table = tableIn(candidate);
    const x = table === null ? null : columnIn(table, NAMES[of].x);
    const y = table === null ? null : columnIn(table, NAMES[of].y);
    if (table === null || x === null || y === null) continue;
    return curveOf(of, x, y, columnIn(table, [/^thresholds?$/i]) ?? x.map(() => NaN));
  }
  return null;
}

function curveOf(
  of: 'roc' | 'pr',
  xs: Float64Array,
  ys: Float64Array,
  thresholds: Float64Array,
): LoggedCurve | null {
  const kept = [...xs.keys()].filter((at) => inUnit(xs[at]) && inUnit(ys[at]));
  if (kept.length < 2) return null;
  // scikit-learn gives recall from 1 down to 0; ties keep the order in which the curve goes up (ROC) or down (PR).
  const isBack = (xs[kept[0] ?? 0] ?? 0) > (xs[kept.at(-1) ?? 0] ?? 0);
  const order = (isBack ? kept.reverse() : kept).sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0));
  const x = Float64Array.from(order, (at) => xs[at] ?? 0);
  const y = Float64Array.from(order, (at) => ys[at] ?? 0);
  return {
    of,
    x,
    y,
    thresholds: Float64Array.from(order, (at) => thresholds[at] ?? NaN),
    area: areaOf(of, x, y),
    baseRate: of === 'pr' && x.at(-1) === 1 ? (y.at(-1) ?? NaN) : NaN,
  };
}

function inUnit(value: number | undefined): boolean {
  return value !== undefined && value >= 0 && value <= 1;
}

function areaOf(of: 'roc' | 'pr', x: Float64Array, y: Float64Array): number {
  // Recall counts from 0 also where the file's first point lies further on.
  let area = of === 'pr' ? (x[0] ?? 0) * (y[0] ?? 0) : 0;
  for (let at = 1; at < x.length; at += 1) {
    const width = (x[at] ?? 0) - (x[at - 1] ?? 0);
    area += width * (of === 'roc' ? ((y[at] ?? 0) + (y[at - 1] ?? 0)) / 2 : (y[at] ?? 0));
  }
  return area;
}
