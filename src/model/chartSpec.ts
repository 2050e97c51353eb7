import type { RunId } from './run';
import type { Column } from './table';

/** What lies along the x axis of lines. `relative` counts from the start of each run, `time` is the wall clock. */
export type LineAxis =
  | { readonly kind: 'step' }
  | { readonly kind: 'epoch' }
  | { readonly kind: 'relative' }
  | { readonly kind: 'time' }
  | { readonly kind: 'metric'; readonly name: string };

/** What every chart of an experiment page has. */
export interface ChartFrame {
  /** Unique on its page. */
  readonly id: string;
  /** A title that a person gave; null: it follows from what the chart shows. */
  readonly title: string | null;
  /** How many of the board's columns it takes, and its height in pixels; null: as its kind has it. */
  readonly span: 1 | 2 | 3;
  readonly height: number | null;
  /** Pinned charts stand before all others and stay when the others scroll. */
  readonly pinned: boolean;
  /** Its own runs; null: those that are on. */
  readonly runs: readonly RunId[] | null;
}

export interface LinesSpec extends ChartFrame {
  readonly kind: 'lines';
  readonly metric: string;
  /** Null: as the board says, for this and the following. */
  readonly x: LineAxis | null;
  /** Exponential moving average, 0 (none) to 0.99; the raw line stays visible. */
  readonly smoothing: number | null;
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
  readonly ignoreOutliers: boolean | null;
  /** Runs that differ in their seeds only become one line with a band. */
  readonly joinSeeds: boolean | null;
}
export interface BarsSpec extends ChartFrame {
  readonly kind: 'bars';
  readonly column: Column;
}
export interface ScatterSpec extends ChartFrame {
  readonly kind: 'scatter';
  readonly x: Column;
  readonly y: Column;
  /** The size of the bubbles; null: all alike. */
  readonly size: Column | null;
  readonly logarithmicX: boolean;
  readonly logarithmicY: boolean;
}
export interface ParallelSpec extends ChartFrame {
  readonly kind: 'parallel';
  readonly columns: readonly Column[];
}
export const HEAT_LOOKS = ['cells', 'contour'] as const;
export type HeatLook = (typeof HEAT_LOOKS)[number];
export interface HeatSpec extends ChartFrame {
  readonly kind: 'heat';
  readonly x: Column;
  readonly y: Column;
  readonly value: Column;
  /** Means of cells, or a smoothed landscape; absent: cells. */
  readonly look?: HeatLook | undefined;
}
export interface BoxesSpec extends ChartFrame {
  readonly kind: 'boxes';
  readonly by: Column;
  readonly value: Column;
  readonly violin: boolean;
}
export interface ImportanceSpec extends ChartFrame {
  readonly kind: 'importance';
  readonly value: Column;
}
export interface ParetoSpec extends ChartFrame {
  readonly kind: 'pareto';
  readonly x: Column;
  readonly y: Column;
  readonly maximizeX: boolean;
  readonly maximizeY: boolean;
}
/** From an artifact of each run: a confusion matrix, or the points of an ROC or a PR curve. */
export interface MatrixSpec extends ChartFrame {
  readonly kind: 'confusion';
  readonly path: string;
}
export interface CurveSpec extends ChartFrame {
  readonly kind: 'curve';
  readonly path: string;
  readonly of: 'roc' | 'pr';
}
/** Images that runs logged, by step, side by side. */
export interface ImagesSpec extends ChartFrame {
  readonly kind: 'images';
  /** The folder of artifacts, or the key that `mlflow.log_image` was given. */
  readonly path: string;
}
/** Distributions over steps, from an artifact of each run. */
export interface HistogramsSpec extends ChartFrame {
  readonly kind: 'histograms';
  readonly path: string;
}

/** A chart of an experiment page, as it is kept in views. */
export type ChartSpec =
  | LinesSpec
  | BarsSpec
  | ScatterSpec
  | ParallelSpec
  | HeatSpec
  | BoxesSpec
  | ImportanceSpec
  | ParetoSpec
  | MatrixSpec
  | CurveSpec
  | ImagesSpec
  | HistogramsSpec;

export type ChartKindName = ChartSpec['kind'];

/** What a board says for all its charts of lines. */
export interface BoardSettings {
  readonly x: LineAxis;
  readonly smoothing: number;
  readonly joinSeeds: boolean;
  readonly ignoreOutliers: boolean;
  /** How many charts stand side by side; absent: as many as have room. */
  readonly columns?: 1 | 2 | 3 | undefined;
}
