/** Where something stands in a text: offsets in UTF-16 units, end exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type ParamType = 'str' | 'int' | 'float' | 'bool';

/** What in the code names a param. */
export type ParamSource =
  | 'argparse'
  | 'click'
  | 'typer'
  | 'fire'
  | 'absl'
  | 'argv'
  | 'dataclass'
  | 'hydra'
  | 'config'
  | 'constant'
  | 'environment'
  | 'notebook';

/** How another value reaches the script. Files are relative to the folder that the script runs in. */
export type ParamRoute =
  | { readonly via: 'argument' }
  /**
   * Hydra's own grammar: `optimizer.lr=0.1`, with a `+` in front of a key that its config has not. The
   * `omegaconf` dialect is that of OmegaConf.from_cli: the same, with values in YAML. `isGroup`: the value
   * chooses which file of a folder joins the config.
   */
  | {
      readonly via: 'hydra';
      readonly key: string;
      readonly dialect?: 'omegaconf';
      readonly isGroup?: boolean;
    }
  | { readonly via: 'environment'; readonly variable: string }
  /** A key of a YAML, JSON or TOML file, changed in an isolated checkout. `chosenBy`: the param that names the file. */
  | {
      readonly via: 'config';
      readonly file: string;
      readonly keys: readonly string[];
      readonly chosenBy?: string;
    }
  /** The literal of an assignment, changed in an isolated checkout. */
  | { readonly via: 'constant'; readonly file: string; readonly range: Range }
  /** A parameter of a notebook, by papermill's convention. */
  | { readonly via: 'notebook' };

/** What starts a script with other values than its own. Nothing of it touches a file of the user's. */
export interface Overrides {
  readonly args: readonly string[];
  /** Variables of the environment by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files as an isolated checkout has them; relative to the folder that the script runs in. */
  readonly edits: readonly FileEdit[];
  /** Parameters of a notebook, which its arguments give too; absent when it is no notebook. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

/** A value of a notebook's parameter. */
export type ParameterValue = string | number | boolean | null | readonly ParameterValue[];

export interface FileEdit {
  readonly path: string;
  /** The whole new content. */
  readonly content: string;
}

/** A param that a script accepts, found by reading it. */
export interface ParamSpec {
  /** The name as the code sees it, `batch_size` for `--batch-size`, `optimizer.lr` for a key of a config. */
  readonly name: string;
  readonly source: ParamSource;
  readonly route: ParamRoute;
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
  /** Where it is declared. */
  readonly range: Range;
  /** The file of the range, relative to the folder that the script runs in; absent: the script itself. */
  readonly file?: string;
  /** The subcommand that takes it, such as `train`, or `data fetch` for one in another; absent: the script. */
  readonly subcommand?: string;
  /** How a flag and its values are written; absent: `--flag a b`, as argparse takes them. */
  readonly spelling?: FlagSpelling;
  /** The option that turns a `boolean_optional` off; absent: `--no-…`. */
  readonly offFlag?: string;
  /** The limits of a number. */
  readonly bounds?: Bounds;
  /** How many values a `many` must have; absent: any number. */
  readonly count?: number;
  /** Whether `None` may be given, for a type that otherwise takes numbers or switches only. */
  readonly nullable?: boolean;
}

/**
 * `words`: `--flag a b`. `repeat`: `--flag a --flag b`. `equals`: `--flag=a,b`. `repeat-equals`: `--flag=a --flag=b`.
 * `python`: `--flag=[1, "a"]`, a literal of Python's. `yaml`: `--flag "[1, a]"`, a value of YAML's.
 */
export type FlagSpelling = 'words' | 'repeat' | 'equals' | 'repeat-equals' | 'python' | 'yaml';

/** Limits of a number, inclusive unless they are open. */
export interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
  readonly minOpen?: boolean;
  readonly maxOpen?: boolean;
}
