import type { FormRun } from '../../src/api/paramsPage';
import { runId } from '../../src/api/wire';
import type { ParamSpec } from '../../src/model/param';

let made = 0;

/** A finished run for tests: each has another id. */
export function aFormRun(
  values: Readonly<Record<string, string>>,
  goal: number | null,
  more: Partial<FormRun> = {},
): FormRun {
  made += 1;
  return {
    runId: runId.parse(made.toString(16).padStart(32, '0')),
    name: `run-${made}`,
    state: 'finished',
    slot: null,
    goal,
    durationMs: 10_000,
    cost: null,
    values,
    isOfScript: true,
    ...more,
  };
}

/** A flag that takes a number. */
export function aSpec(name: string, defaultValue: string | null, more: Partial<ParamSpec> = {}): ParamSpec {
  return {
    name,
    source: 'argparse',
    route: { via: 'argument' },
    flag: `--${name}`,
    type: 'float',
    action: 'store',
    defaultValue,
    choices: null,
    required: false,
    many: false,
    help: null,
    range: { from: 0, to: 0 },
    ...more,
  };
}
