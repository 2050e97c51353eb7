import type { RunId } from './run';

/** A file that a promotion writes. Paths are relative to the repository's top, with '/'. */
export interface PlannedFile {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** Why it is there: the code as it ran, or a record that Winnow writes. */
  readonly origin: 'code' | 'record';
  readonly sizeBytes: number;
}

/** A condition of promotion and how it stands. A gate that failed blocks the promotion. */
export interface GateResult {
  readonly gate: string;
  readonly passed: boolean;
  /** A sentence: what was measured, or why it could not be. */
  readonly detail: string;
}

/** What a promotion would do, decided and not done. */
export interface PromotionPlan {
  readonly runId: RunId;
  readonly repository: string;
  /** The commit that the promotion is built on; '' when the run started before the first commit. */
  readonly base: string;
  readonly branch: string;
  /** Whether the branch is new or moved; a moved one must still be at `branchFrom`. */
  readonly branchFrom: string | null;
  readonly tag: string;
  readonly message: string;
  readonly files: readonly PlannedFile[];
  readonly gates: readonly GateResult[];
  /** Sentences that the user should read before confirming: hooks not run, files left out, and the like. */
  readonly notes: readonly string[];
}

/** A promotion that was carried out. */
export interface Promotion {
  readonly promotionId: string;
  readonly runId: RunId;
  readonly experiment: string;
  readonly repository: string;
  readonly branch: string;
  /** Where the branch was before; null when it was new. */
  readonly branchFrom: string | null;
  readonly tag: string;
  /** The annotated tag itself, which names `commit`. */
  readonly tagObject: string;
  readonly commit: string;
  readonly base: string;
  readonly files: readonly PlannedFile[];
  readonly gates: readonly GateResult[];
  /** Epoch milliseconds. */
  readonly promotedAt: number;
  readonly undoneAt: number | null;
}

/** The promoted run of an experiment: of the promotions that were not undone the latest. */
export function championOf(promotions: readonly Promotion[], experiment: string): Promotion | null {
  let latest: Promotion | null = null;
  for (const one of promotions) {
    if (one.experiment !== experiment || one.undoneAt !== null) continue;
    if (latest === null || one.promotedAt > latest.promotedAt) latest = one;
  }
  return latest;
}
