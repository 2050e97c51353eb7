import type { ParamSpec } from '../model/param';
import { asBool, isSameValue, wordsOf } from '../model/paramValue';
import { pythonWord } from './pythonWord';
import { yamlFlow, yamlScalar } from './yamlScalar';

export { checkValue, quoteWord, splitWords } from '../model/paramValue';
export { combineValues, parseValuesList } from '../model/paramValues';

/**
 * The arguments that give a script these values (by the params' names, as typed in a form). An empty value and
 * one that is the default are left out, and so are params that are no arguments. Positional arguments come
 * first, so that a flag with several values cannot swallow them.
 */
export function buildArgs(
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return argsOfLevel(specs, values, undefined);
}

/** The params that count with these values: those of the script and of the subcommands that are chosen. */
export function acceptedParams(
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
): readonly ParamSpec[] {
  const accepted: ParamSpec[] = [];
  let level: string | undefined;
  do {
    const own = specs.filter((spec) => spec.subcommand === level);
    accepted.push(...own);
    level = chosenSubcommand(specs, own, values, level);
  } while (level !== undefined);
  return accepted;
}

function argsOfLevel(
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
  subcommand: string | undefined,
): readonly string[] {
  const own = specs.filter((spec) => spec.subcommand === subcommand);
  const given = argumentsOf(own, values);
  const next = chosenSubcommand(specs, own, values, subcommand);
  if (next === undefined) return inOrder(given);
  // Whatever follows a subcommand belongs to it.
  return [...given.options, ...given.positionals, ...argsOfLevel(specs, values, next)];
}

/** The subcommand that a positional argument of this level chooses, if it takes params of its own. */
function chosenSubcommand(
  specs: readonly ParamSpec[],
  own: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
  level: string | undefined,
): string | undefined {
  const names = own
    .filter((spec) => spec.flag === null && spec.choices !== null)
    .map((spec) => (level === undefined ? values[spec.name] : `${level} ${values[spec.name]}`));
  return names.find((name) => name !== undefined && specs.some((spec) => spec.subcommand === name));
}

interface Arguments {
  readonly positionals: readonly string[];
  readonly options: readonly string[];
}

function argumentsOf(specs: readonly ParamSpec[], values: Readonly<Record<string, string>>): Arguments {
  const own = specs.filter((spec) => spec.route.via === 'argument');
  const options = own
    .filter((spec) => spec.flag !== null)
    .flatMap((spec) => {
      const value = givenValue(spec, values);
      return value === null ? [] : [{ spec, value }];
    })
    // A flag with several values goes first: the next flag ends it.
    .sort((a, b) => Number(b.spec.many) - Number(a.spec.many))
    .flatMap(({ spec, value }) => optionOf(spec, value));
  return { positionals: positionalsOf(own, values), options };
}

/** The place counts: in front of one that is given, those that are not are written with their defaults. */
function positionalsOf(
  own: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const places = own.filter((spec) => spec.flag === null);
  const last = places.findLastIndex((spec) => givenValue(spec, values) !== null);
  return places.slice(0, last + 1).flatMap((spec) => {
    const value = givenValue(spec, values) ?? spec.defaultValue;
    if (value === null) return [];
    return spec.many ? (wordsOf(value) ?? [value]) : [value];
  });
}

/** What is typed for a param, or null when that is nothing or its default. */
function givenValue(spec: ParamSpec, values: Readonly<Record<string, string>>): string | null {
  const value = values[spec.name];
  if (value === undefined || value.trim() === '') return null;
  return spec.defaultValue !== null && isSameValue(spec, value, spec.defaultValue) ? null : value;
}

/** A positional argument with a dash in front would be read as a flag: it goes behind `--`. */
function inOrder({ positionals, options }: Arguments): readonly string[] {
  if (!positionals.some((value) => value.startsWith('-'))) return [...positionals, ...options];
  return [...options, '--', ...positionals];
}

function optionOf(spec: ParamSpec, value: string): readonly string[] {
  const flag = spec.flag ?? '';
  const isOn = asBool(value);
  switch (spec.action) {
    case 'store_true':
      return isOn === true ? [flag] : [];
    case 'store_false':
      return isOn === false ? [flag] : [];
    case 'boolean_optional':
      return [isOn === false ? (spec.offFlag ?? flag.replace(/^--/, '--no-')) : flag];
    case 'store':
      return valuesOf(spec, flag, value);
  }
}

function valuesOf(spec: ParamSpec, flag: string, value: string): readonly string[] {
  const words = spec.many ? (wordsOf(value) ?? [value]) : [wordOf(spec, value)];
  switch (spec.spelling ?? 'words') {
    case 'words':
      return spec.many ? [flag, ...words] : joined(flag, words[0] ?? '');
    case 'repeat':
      // A fixed number of values goes behind one flag, as click's nargs=2 does.
      return spec.count === undefined ? words.flatMap((word) => joined(flag, word)) : [flag, ...words];
    case 'equals':
      return [`${flag}=${words.join(',')}`];
    case 'repeat-equals':
      return words.map((word) => `${flag}=${word}`);
    case 'python': {
      const word = spec.many
        ? `[${words.map((one) => pythonWord(spec, one)).join(', ')}]`
        : firesWord(spec, value);
      return [`${flag}=${word}`];
    }
    case 'yaml':
      return joined(flag, spec.many ? yamlFlow(spec, words) : yamlScalar(spec, value));
  }
}

/** A text that cannot be taken for another value of Python's needs no quotes. */
function firesWord(spec: ParamSpec, value: string): string {
  const isWord = spec.type === 'str' && /^[A-Za-z_][\w-]*$/.test(value) && !/^(True|False|None)$/.test(value);
  return isWord ? value : pythonWord(spec, value);
}

function wordOf(spec: ParamSpec, value: string): string {
  if (spec.type !== 'bool') return value;
  const isOn = asBool(value);
  // argparse's type=bool is true for every text but the empty one, "False" included.
  if (spec.source === 'argparse') return isOn === false ? '' : value;
  return isOn === null ? value : isOn ? 'True' : 'False';
}

function joined(flag: string, text: string): readonly string[] {
  const needsEquals = text === '' || text.startsWith('-');
  // `-x=…` would make "=…" the value: a short flag takes it without anything between.
  if (needsEquals && !flag.startsWith('--')) return text === '' ? [flag, ''] : [`${flag}${text}`];
  return needsEquals ? [`${flag}=${text}`] : [flag, text];
}
