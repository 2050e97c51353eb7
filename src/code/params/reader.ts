import type { ParamSource, ParamSpec, Range } from '../../model/param';
import type { Script } from './script';

/** One way in which scripts take params: a file of its own here, and a line in index.ts. */
export interface ParamReader {
  readonly id: string;
  /** What its params say where they come from. */
  readonly source: ParamSource;
  /**
   * The params that the script declares this way, in the order of the text. Nothing is executed. Broken code gives
   * what can be found; it never throws. It may ask for files that are not read yet: then it is asked again.
   * `found`: what the ways in front of this one declare.
   */
  read(script: Script, found: readonly Declaration[]): readonly Declaration[];
}

/** A param and where the code names it. */
export interface Declaration {
  readonly spec: ParamSpec;
  /** Every string and name that stands for it: `-l` is the same param as `--lr`. */
  readonly optionRanges: readonly Range[];
}

/** A declaration with what most params have, and the facts of one. */
export function declare(
  source: ParamSource,
  facts: Partial<ParamSpec> & Pick<ParamSpec, 'name' | 'range'>,
  optionRanges: readonly Range[] = [facts.range],
): Declaration {
  return {
    optionRanges,
    spec: {
      source,
      route: { via: 'argument' },
      flag: null,
      type: 'str',
      action: 'store',
      defaultValue: null,
      choices: null,
      required: false,
      many: false,
      help: null,
      ...facts,
    },
  };
}

/** A declaration that stands in another file than the script; null: in the script itself. */
export function inFile(declaration: Declaration, path: string | null): Declaration {
  if (path === null) return declaration;
  return { optionRanges: [], spec: { ...declaration.spec, file: path } };
}
