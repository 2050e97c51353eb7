import type { ChartKindName } from '../../src/model/chartSpec';
import type { ChartKind } from './kind';
import { bars } from './kinds/bars';
import { boxes } from './kinds/boxes';
import { confusion } from './kinds/confusion';
import { curve } from './kinds/curve';
import { heat } from './kinds/heat';
import { histograms } from './kinds/histograms';
import { images } from './kinds/images';
import { importance } from './kinds/importance';
import { lines } from './kinds/lines';
import { parallel } from './kinds/parallel';
import { pareto } from './kinds/pareto';
import { scatter } from './kinds/scatter';

/** The family of charts, in the order of the menu "Add Chart". */
export const chartKinds: readonly ChartKind[] = [
  lines,
  parallel,
  importance,
  scatter,
  bars,
  boxes,
  heat,
  pareto,
  curve,
  confusion,
  images,
  histograms,
];

/** The kind of that name; null when this version has none. */
export function kindOf(name: ChartKindName): ChartKind | null {
  return chartKinds.find(({ kind }) => kind === name) ?? null;
}
