/** Where something stands in a text: offsets in UTF-16 units, end exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type ParamType = 'str' | 'int' | 'float' | 'bool';

/** A param that a script accepts, found by reading it. */
export interface ParamSpec {
  /** The name as the code sees it, `batch_size` for `--batch-size`. */
  readonly name: string;
  /** The first long option, such as `--batch-size`, else the first short one; null for a positional argument. */
  readonly flag: string | null;
  readonly type: ParamType;
  /** A switch takes no value: store_true gives the flag, BooleanOptionalAction also has `--no-…`. */
  readonly action: 'store' | 'store_true' | 'store_false' | 'boolean_optional';
  /** The default as it would be typed, or null when there is none or it is not a literal. */
  readonly defaultValue: string | null;
  readonly choices: readonly string[] | null;
  readonly required: boolean;
  /** Whether several values may follow (nargs '+', '*', or a number). */
  readonly many: boolean;
  readonly help: string | null;
  readonly range: Range;
  /** The subcommand that takes it, such as `train`, or `data fetch` for one in another; absent: the script. */
  readonly subcommand?: string;
}
