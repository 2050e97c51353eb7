import type { ParamSpec } from './param';
import { checkValue } from './paramValue';
import { combineValues, parseValuesList } from './paramValues';

/** What the texts of a form mean: how many runs, and what is wrong with which param. */
export interface ParamGrid {
  /** How many runs all combinations of the values are; 1 when no param has several. */
  readonly count: number;
  /** The values of each param that is given, one or more. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** A sentence for each param whose text does not fit, by name. */
  readonly problems: Readonly<Record<string, string>>;
}

/** Reads the texts of a form, each of which may hold several values. Texts of params that do not exist are left out. */
export function readGrid(specs: readonly ParamSpec[], texts: Readonly<Record<string, string>>): ParamGrid {
  const values: Record<string, readonly string[]> = {};
  const problems: Record<string, string> = {};
  let count = 1;
  for (const spec of specs) {
    const text = texts[spec.name] ?? spec.defaultValue ?? '';
    const list = valuesOf(spec, text);
    const problem =
      (list.length === 0 ? [''] : list).map((one) => checkValue(spec, one)).find((one) => one !== null) ??
      null;
    if (problem !== null) problems[spec.name] = problem;
    if (list.length === 0) continue;
    values[spec.name] = list;
    count *= list.length;
  }
  return { count, values, problems };
}

/** The values of each run, in the order in which the runs are started: the last param changes fastest. */
export function runsOfGrid(grid: ParamGrid): readonly Readonly<Record<string, string>>[] {
  return combineValues(grid.values);
}

/** A default stands for itself, however many commas it has. */
export function valuesOf(spec: ParamSpec, text: string): readonly string[] {
  return text === spec.defaultValue ? [text] : parseValuesList(spec, text);
}
