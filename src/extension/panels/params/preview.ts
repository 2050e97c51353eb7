import type { FormValues, ParamsPreview } from '../../../api/paramsPage';
import { acceptedParams } from '../../../code/args';
import { buildOverrides } from '../../../code/overrides';
import type { ScriptFiles } from '../../../code/params';
import type { Overrides, ParamSpec } from '../../../model/param';
import { type ParamGrid, readGrid, runsOfGrid } from '../../../model/paramGrid';
import { UserError } from '../../../base/errors';
import { commandParts, editsOf } from './command';

/** One run of a form: what it is called with, and all its params by name. */
export interface PlannedRun {
  readonly overrides: Overrides;
  readonly params: Readonly<Record<string, string>>;
}

/** What would be started with the texts of a form. Wrong values are shown as they are typed. */
export async function previewForm(
  script: string,
  specs: readonly ParamSpec[],
  texts: FormValues,
  files: ScriptFiles,
): Promise<ParamsPreview> {
  const { accepted, grid } = chosenParams(specs, texts);
  const command = await commandParts(script, accepted, grid, (some, values) =>
    buildOverrides(some, values, files),
  );
  let problem: string | null = null;
  try {
    // The first run stands for all: they differ in values only, not in where these go.
    if (Object.keys(grid.problems).length === 0) await overridesOfRun(specs, firstOf(grid), files);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problem = error.message;
  }
  return {
    command,
    edits: editsOf(accepted, texts),
    accepted: accepted.map((spec) => specs.indexOf(spec)),
    problem,
  };
}

/**
 * Every run of a form, in the order of their start. The params of a run are what was typed and the defaults.
 * @throws UserError 'param-value' when a value does not fit, 'param-edit' when a file cannot take one
 */
export async function planRuns(
  specs: readonly ParamSpec[],
  texts: FormValues,
  files: ScriptFiles,
): Promise<readonly PlannedRun[]> {
  const { grid } = chosenParams(specs, texts);
  const [problem] = Object.values(grid.problems);
  if (problem !== undefined) throw new UserError('param-value', problem);
  return Promise.all(
    runsOfGrid(grid).map(async (params) => ({
      params,
      overrides: await overridesOfRun(specs, params, files),
    })),
  );
}

/** The params that count, and what their texts mean. Of a list of subcommands the first chooses. */
export function chosenParams(
  specs: readonly ParamSpec[],
  texts: FormValues,
): { readonly accepted: readonly ParamSpec[]; readonly grid: ParamGrid } {
  const defaults = Object.fromEntries(
    specs.flatMap((spec) => (spec.defaultValue === null ? [] : [[spec.name, spec.defaultValue]])),
  );
  const accepted = acceptedParams(specs, { ...defaults, ...texts });
  return { accepted, grid: readGrid(accepted, texts) };
}

function overridesOfRun(
  specs: readonly ParamSpec[],
  values: FormValues,
  files: ScriptFiles,
): Promise<Overrides> {
  return buildOverrides(specs, values, files);
}

function firstOf(grid: ParamGrid): FormValues {
  return Object.fromEntries(Object.entries(grid.values).map(([name, list]) => [name, list[0] ?? '']));
}
