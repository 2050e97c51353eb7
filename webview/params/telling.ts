import type { FormRun } from '../../src/api/paramsPage';
import type { ParamSpec } from '../../src/model/param';
import type { ParamGrid } from '../../src/model/paramGrid';
import { isSameValue } from '../../src/model/paramValue';
import { valueIn } from './likeness';

/** What all runs have of a param, by its spec; null for one in which they differ. */
export type Constants = ReadonlyMap<ParamSpec, string | null>;

/** Reads all runs once, so that typing need not. */
export function constantsOf(specs: readonly ParamSpec[], runs: readonly FormRun[]): Constants {
  return new Map(
    specs.map((spec) => {
      const [first] = runs;
      const value = first === undefined ? (spec.defaultValue ?? '') : valueIn(first, spec);
      return [spec, runs.every((run) => valueIn(run, spec) === value) ? value : null];
    }),
  );
}

/** The params that tell runs from each other or from the form. With hundreds of params, most are the same everywhere. */
export function tellingParams(
  specs: readonly ParamSpec[],
  constants: Constants,
  grid: ParamGrid,
): readonly ParamSpec[] {
  return specs.filter((spec) => {
    const constant = constants.get(spec) ?? null;
    const list = grid.values[spec.name] ?? [''];
    return constant === null || list.some((value) => !isSameValue(spec, value, constant));
  });
}
