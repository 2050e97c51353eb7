/**
 * What a person decided about printed metrics: in the window, or in winnow.yaml. Built-in rules are named by their
 * id (`src/printed/index.ts`).
 */
export type PrintedRule =
  /** No line gives a metric of this name. */
  | { readonly kind: 'muteMetric'; readonly metric: string }
  /** A built-in rule is not used. */
  | { readonly kind: 'muteRule'; readonly rule: string }
  /** What a rule would call `metric` is called `to`. */
  | { readonly kind: 'rename'; readonly metric: string; readonly to: string }
  /**
   * A regular expression of the person's own, tried before all built-in rules. A named group is a metric of that
   * name, except `step`; or the groups `_key` and `_val` are name and value (Guild AI's convention).
   */
  | { readonly kind: 'pattern'; readonly pattern: string };

/** A rule as it is kept: for one experiment, or for all of the folder. */
export interface KeptPrintedRule {
  /** 'yaml' followed by its number when winnow.yaml has it: it can only be changed there. */
  readonly ruleId: string;
  readonly rule: PrintedRule;
  /** Null: all experiments of the folder. */
  readonly experimentId: string | null;
}

/** Which line gave a metric of a run. */
export interface PrintedMetric {
  readonly name: string;
  /** The id of the built-in rule, or 'yours'. */
  readonly rule: string;
  /** The line as it was printed, without colours, cut at 300 characters. */
  readonly line: string;
  /** Where that line begins in the output, in bytes. */
  readonly offset: number;
  /** How many values are kept. */
  readonly count: number;
  /** Why its values are not shown, or null. `logged`: the script logs a metric of this name itself. */
  readonly dropped: PrintedDrop | null;
}

export type PrintedDrop = 'logged' | 'param' | 'muted';

/**
 * What makes two names the same thing to a person: `Val Loss`, `val_loss` and `val-loss` are. A metric that the
 * script logs itself wins over a printed one of the same name.
 */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9\u0080-\uffff]+/g, '_');
}
