import type { ParamSpec } from '../model/param';

/**
 * The arguments that give a script these values (by the params' names, as typed in a form). An empty value and
 * one that is the default are left out. Positional arguments come first, so that a flag with several values
 * cannot swallow them.
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

/**
 * What is wrong with a value, as a sentence, or null. An empty text means "not given".
 * Types are checked as Python's int() and float() read them.
 */
export function checkValue(spec: ParamSpec, text: string): string | null {
  const label = spec.flag ?? spec.name;
  // A default is not passed: argparse takes it as it is, whatever the type says.
  if (text === spec.defaultValue) return null;
  if (text.includes('\0')) return `${label} cannot hold a NUL character.`;
  if (text.trim() === '') {
    return spec.required && spec.defaultValue === null ? `${label} is needed: it has no default.` : null;
  }
  if (spec.action !== 'store') return asBool(text) === null ? `${label} is a switch: True or False.` : null;
  if (!spec.many) return checkWord(spec, label, text);
  const words = splitWords(text);
  if (words === null) return `${label} has a quote that is not closed.`;
  return words.map((word) => checkWord(spec, label, word)).find((sentence) => sentence !== null) ?? null;
}

/** Splits a text into words as a shell does: quotes hold blanks. Null when a quote is not closed. */
export function splitWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}

/** A word so that splitWords gives it back. */
export function quoteWord(word: string): string {
  if (word !== '' && !/[\s"']/.test(word)) return word;
  if (!word.includes('"')) return `"${word}"`;
  if (!word.includes("'")) return `'${word}'`;
  return word
    .split(/(["])/)
    .filter((part) => part !== '')
    .map((part) => (part === '"' ? `'"'` : `"${part}"`))
    .join('');
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
  const given = specs.flatMap((spec) => {
    const value = values[spec.name];
    const isLeftOut = value === undefined || value.trim() === '' || isDefault(spec, value);
    return isLeftOut ? [] : [{ spec, value }];
  });
  const options = given
    .filter(({ spec }) => spec.flag !== null)
    // A flag with several values goes first: the next flag ends it.
    .sort((a, b) => Number(b.spec.many) - Number(a.spec.many))
    .flatMap(({ spec, value }) => optionOf(spec, value));
  const positionals = given
    .filter(({ spec }) => spec.flag === null)
    .flatMap(({ spec, value }) => (spec.many ? (splitWords(value) ?? [value]) : [value]));
  return { positionals, options };
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
      return [isOn === false ? flag.replace(/^--/, '--no-') : flag];
    case 'store': {
      if (spec.many) return [flag, ...(splitWords(value) ?? [value])];
      // argparse's type=bool is true for every text but the empty one, "False" included.
      const text = spec.type === 'bool' && isOn === false ? '' : value;
      const needsEquals = text === '' || text.startsWith('-');
      // `-x=…` would make "=…" the value: a short flag takes it without anything between.
      if (needsEquals && !flag.startsWith('--')) return text === '' ? [flag, ''] : [`${flag}${text}`];
      return needsEquals ? [`${flag}=${text}`] : [flag, text];
    }
  }
}

function isDefault(spec: ParamSpec, value: string): boolean {
  if (spec.defaultValue === null) return false;
  if (value === spec.defaultValue) return true;
  if (spec.action !== 'store') return asBool(value) === asBool(spec.defaultValue);
  const isNumber = spec.type === 'int' || spec.type === 'float';
  return isNumber && !spec.many && Number(value) === Number(spec.defaultValue);
}

function checkWord(spec: ParamSpec, label: string, word: string): string | null {
  switch (spec.type) {
    case 'int':
      if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(word)) return `${label} takes a whole number.`;
      break;
    case 'float':
      if (!isPythonFloat(word)) return `${label} takes a number.`;
      break;
    case 'bool':
      if (asBool(word) === null) return `${label} takes True or False.`;
      break;
    case 'str':
      break;
  }
  if (spec.choices === null || spec.choices.some((choice) => isSame(spec, choice, word))) return null;
  return `${label} takes one of ${spec.choices.join(', ')}.`;
}

function isPythonFloat(word: string): boolean {
  const digits = String.raw`\d+(?:_\d+)*`;
  const number = String.raw`(?:${digits}\.?(?:${digits})?|\.${digits})(?:e[+-]?${digits})?`;
  return new RegExp(String.raw`^\s*[+-]?(?:${number}|nan|inf|infinity)\s*$`, 'i').test(word);
}

function isSame(spec: ParamSpec, choice: string, word: string): boolean {
  if (spec.type === 'int' || spec.type === 'float') {
    return Number(choice) === Number(word.trim().replaceAll('_', ''));
  }
  return choice === word;
}

function asBool(text: string): boolean | null {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case 'yes':
    case 'on':
    case '1':
      return true;
    case 'false':
    case 'no':
    case 'off':
    case '0':
      return false;
    default:
      return null;
  }
}
