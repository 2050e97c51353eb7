import type { FormRun, FormValues } from '../../src/api/paramsPage';
import type { ParamSpec } from '../../src/model/param';
import { isSameValue, numberOf } from '../../src/model/paramValue';

/** Whether a param only makes runs differ by chance: runs that differ in it alone are repetitions. */
export function isSeed(spec: ParamSpec): boolean {
  return /(^|[._-])(seed|random_state)$/i.test(spec.name);
}

export function isNumeric(spec: ParamSpec): boolean {
  return spec.action === 'store' && !spec.many && (spec.type === 'int' || spec.type === 'float');
}

/** What a run had; one that says nothing of the param had the default. */
export function valueIn(run: FormRun, spec: ParamSpec): string {
  return run.values[spec.name] ?? spec.defaultValue ?? '';
}

/** The params in which a run differs from the values, leaving seeds out. */
export function differing(
  specs: readonly ParamSpec[],
  values: FormValues,
  run: FormRun,
): readonly ParamSpec[] {
  return specs.filter(
    (spec) =>
      !isSeed(spec) && !isSameValue(spec, valueIn(run, spec), values[spec.name] ?? spec.defaultValue ?? ''),
  );
}

/**
 * How far a run is from the values: each param that differs counts one, and numbers up to one more by their ratio,
 * so that of two learning rates the nearer one wins.
 */
export function distance(different: readonly ParamSpec[], values: FormValues, run: FormRun): number {
  let sum = 0;
  for (const spec of different) {
    sum += 1;
    if (!isNumeric(spec)) continue;
    const [a, b] = [numberOf(values[spec.name] ?? spec.defaultValue ?? ''), numberOf(valueIn(run, spec))];
    const ratio =
      a > 0 && b > 0 ? Math.abs(Math.log10(a / b)) : Math.abs(a - b) / (Math.abs(a) + Math.abs(b));
    sum += Number.isFinite(ratio) ? Math.min(1, ratio) : 1;
  }
  return sum;
}

/** Mean and standard deviation (of a sample, n − 1); the deviation of one value is null. */
export function meanOf(values: readonly number[]): { readonly mean: number; readonly sd: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, sd: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
