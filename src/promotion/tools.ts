import type { Git } from '../git/git';
import type { Goal } from '../model/goal';
import type { Promotion } from '../model/promotion';
import type { RunDetail } from '../model/run';

/** What promoting needs from others. */
export interface PromotionTools {
  readonly git: Git;
  /** The workspace folder. Used to find the repository when its folder was moved since the run. */
  readonly folder: string;
  /** `.winnow/snapshots.git`. */
  readonly snapshots: string;
  /** A private folder, kept over restarts: `.winnow/promotions`. */
  readonly directory: string;
  /** The run's experiment's goal; the one that follows from the metrics' names when absent. */
  readonly goalOf?: (run: RunDetail) => Goal | null;
  /** The packages that the run had, or else those that its interpreter has now, as `pip freeze` prints them, or null when they cannot be told. */
  readonly freeze?: (run: RunDetail, signal?: AbortSignal) => Promise<string | null>;
  /** Stores a promotion that was carried out or undone. Called again with the same one after a crash. */
  readonly save: (promotion: Promotion) => void | Promise<void>;
}
