import { UserError } from '../base/errors';
import type { FileEdit, Overrides, ParamSpec, ParameterValue } from '../model/param';
import { asBool, isNone, isSameValue, numberOf, wordsOf } from '../model/paramValue';
import { acceptedParams, buildArgs } from './args';
import { editConfig } from './configs';
import { hydraArgs, packageOf } from './hydraArgs';
import type { ScriptFiles } from './params';
import { findConstant } from './params/constants';
import { parsePython } from './python';
import { notebookArgs } from './notebookArgs';
import { pythonWord } from './pythonWord';

/** A param with a value that is not its default. */
export interface GivenParam {
  readonly spec: ParamSpec;
  readonly value: string;
}

/**
 * What starts a script with these values (by the params' names, as typed in a form), each in the script's own way.
 * Empty values and defaults are left out. A name that the script's Hydra config has not is added to it.
 * @param files where the configs and the code lie that would be changed; nothing is ever written there.
 * @throws UserError 'param-edit' when a file has changed so that a value cannot be put into it.
 */
export async function buildOverrides(
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
  files: ScriptFiles,
): Promise<Overrides> {
  const given = acceptedParams(specs, values).flatMap((spec): GivenParam[] => {
    const value = values[spec.name];
    const isGiven = value !== undefined && value.trim() !== '' && !isDefault(spec, value);
    return isGiven ? [{ spec, value }] : [];
  });
  const variables = given.flatMap(({ spec: { route }, value }): [string, string][] =>
    route.via === 'environment' ? [[route.variable, value]] : [],
  );
  const parameters = given.flatMap(({ spec, value }): [string, ParameterValue][] =>
    spec.route.via === 'notebook' ? [[spec.name, parameterValue(spec, value)]] : [],
  );
  return {
    args: [
      ...buildArgs(specs, values),
      ...hydraArgs(specs, given, values),
      ...notebookArgs(Object.fromEntries(parameters)),
    ],
    variables: Object.fromEntries(variables),
    edits: await editsOf(given, values, files),
    ...(specs.some(({ route }) => route.via === 'notebook')
      ? { parameters: Object.fromEntries(parameters) }
      : {}),
  };
}

/**
 * The values that a run has with these: what is given, else the defaults that are known. For its params. Where
 * another file of a Hydra group is taken, the defaults of the usual one do not count.
 */
export function effectiveParams(
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const accepted = acceptedParams(specs, values);
  const changed = accepted
    .filter((spec) => spec.route.via === 'hydra' && spec.route.isGroup === true)
    .filter(({ name, defaultValue }) => (values[name] ?? '').trim() !== '' && values[name] !== defaultValue);
  const effective = accepted.flatMap((spec): [string, string][] => {
    const value = values[spec.name];
    const isOfChanged = changed.some(({ name }) => spec.name.startsWith(`${packageOf(name)}.`));
    const usual = isOfChanged ? null : spec.defaultValue;
    const text = value === undefined || value.trim() === '' ? usual : value;
    return text === null ? [] : [[spec.name, text]];
  });
  return Object.fromEntries(effective);
}

/** What a reader puts in the place of bytes that are no text. */
const UNREADABLE = '\ufffd';

/** Each file that is changed, whole; the changes of one file are made one after the other. */
async function editsOf(
  given: readonly GivenParam[],
  values: Readonly<Record<string, string>>,
  files: ScriptFiles,
): Promise<readonly FileEdit[]> {
  const texts = new Map<string, string>();
  for (const { spec, value } of given) {
    const { route } = spec;
    if (route.via !== 'config' && route.via !== 'constant') continue;
    // Another config may be chosen by its flag: that is the one that counts.
    const chosen =
      route.via === 'config' && route.chosenBy !== undefined ? values[route.chosenBy] : undefined;
    const path = chosen === undefined || chosen.trim() === '' ? route.file : chosen.replace(/^\.\//, '');
    const text = texts.get(path) ?? (await files.read(path));
    if (text === null)
      throw new UserError('param-edit', `${path} cannot be read. Put it back and open the form anew.`);
    if (text.includes(UNREADABLE)) {
      throw new UserError(
        'param-edit',
        `${path} is not in UTF-8: it cannot be changed safely. Save it in UTF-8.`,
      );
    }
    const changed =
      route.via === 'config'
        ? editConfig(path, text, route.keys, spec, value)
        : editConstant(path, text, spec, value);
    texts.set(path, changed);
  }
  return [...texts].map(([path, content]) => ({ path, content }));
}

/** The source with the literal of one constant changed. */
function editConstant(path: string, text: string, spec: ParamSpec, value: string): string {
  const found = findConstant(parsePython(text), path, spec.name);
  if (found === null) {
    throw new UserError(
      'param-edit',
      `${path} has no ${spec.name} any more that could be changed. Open the form anew.`,
    );
  }
  const { from, to } = found.value;
  const old = text.slice(from, to);
  const literal = spec.many ? listLiteral(spec, value, old) : pythonWord(spec, value, old);
  const changed = `${text.slice(0, from)}${literal}${text.slice(to)}`;
  const after = findConstant(parsePython(changed), path, spec.name)?.declaration.spec;
  const isMeant =
    after !== undefined &&
    (after.defaultValue === null
      ? isNone(value) || isForeign(value)
      : isSameValue(after, after.defaultValue, value));
  if (!isMeant) {
    throw new UserError(
      'param-edit',
      `${value} cannot be written as ${spec.name} into ${path}. Change it there by hand.`,
    );
  }
  return changed;
}

function listLiteral(spec: ParamSpec, value: string, old: string): string {
  const words = (wordsOf(value) ?? [value]).map((word) => pythonWord({ ...spec, many: false }, word));
  const inner = words.join(', ');
  return old.startsWith('(') ? `(${inner}${words.length === 1 ? ',' : ''})` : `[${inner}]`;
}

/** inf and nan are no literals of Python's: they are written as a call. */
function isForeign(value: string): boolean {
  return !Number.isFinite(numberOf(value));
}

function parameterValue(spec: ParamSpec, text: string): ParameterValue {
  if (spec.many)
    return (wordsOf(text) ?? [text]).map((word) => parameterValue({ ...spec, many: false }, word));
  if (isNone(text) && (spec.nullable === true || spec.type !== 'str')) return null;
  const isFree = spec.nullable === true && spec.defaultValue === null;
  switch (spec.type) {
    case 'int':
    case 'float':
      return numberOf(text);
    case 'bool':
      return asBool(text) ?? false;
    case 'str':
      return isFree && Number.isFinite(numberOf(text)) ? numberOf(text) : text;
  }
}

function isDefault(spec: ParamSpec, value: string): boolean {
  return spec.defaultValue !== null && isSameValue(spec, value, spec.defaultValue);
}
