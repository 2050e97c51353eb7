/**
 * One way of printing numbers. A member knows this interface and nothing of its sisters; index.ts has them in the
 * order in which they are tried.
 */
export interface Shape {
  /** Kept with every metric: never change it. */
  readonly id: string;
  /** What a line without colours and without a logger's prefix says, or null when it is of another shape. */
  read(line: string): Reading | null;
}

/** What one line says. */
export interface Reading {
  readonly values: readonly PrintedValue[];
  /** Where the training is, as far as the line says so. */
  readonly at?: Position;
  /**
   * `bar`: a progress bar, drawn again and again; one value a percent is kept. `last`: only what stands when the
   * line is over counts, since the values before are running means. Absent: the last of each position.
   */
  readonly drawn?: 'bar' | 'last';
  /** The step is that of the progress bar around it, which is drawn again right after the line. */
  readonly waitsForBar?: boolean;
  /** The table's next rows have these columns, or null: the table is over. */
  readonly columns?: Columns | null;
}

export interface PrintedValue {
  readonly name: string;
  readonly value: number;
  /** Whether the shape alone says that this is a metric; else names.ts judges its name. */
  readonly sure?: boolean;
}

/** Whole numbers. */
export interface Position {
  /** Counted through the whole training. */
  readonly step?: number;
  readonly epoch?: number;
  /** Counted within an epoch, or within a bar. */
  readonly batch?: number;
  readonly batches?: number;
  /** Which bar, without its numbers. */
  readonly bar?: string;
}

export interface Columns {
  readonly shape: string;
  readonly names: readonly string[];
}
