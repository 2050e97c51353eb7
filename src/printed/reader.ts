import type { PrintedRule } from '../model/printed';

/** One value that a script printed. */
export interface PrintedPoint {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  /** The id of the shape, or 'yours'. */
  readonly rule: string;
  /** Where its line begins in the output, in bytes. */
  readonly offset: number;
  /** The line as it was printed, without colours, cut at 300 characters. */
  readonly line: string;
}

export interface PrintedReader {
  /** Reads on. The pieces may be cut anywhere: the same bytes give the same points. */
  read(bytes: Buffer): PrintedPoint[];
  /** What is held back when the output is over: its last line may have no end. */
  end(): PrintedPoint[];
  /** What another reader needs to go on from here: the offset to read from, and what is remembered. */
  resume(): { readonly offset: number; readonly memory: string };
}

export interface ReaderOptions {
  readonly rules: readonly PrintedRule[];
  /** From an earlier reader's `resume`. */
  readonly from?: { readonly offset: number; readonly memory: string };
}
