import type { ParamSpec } from '../model/param';
import { asBool, isNone, numberOf, wordsOf } from '../model/paramValue';
import type { GivenParam } from './overrides';
import { yamlFlow, yamlScalar } from './yamlScalar';

/**
 * Overrides in Hydra's grammar (https://hydra.cc/docs/advanced/override_grammar/basic), groups first. A key that the
 * config has not gets a `+`; one of a group for which another file is taken gets `++`, since that file may have
 * it or not. OmegaConf.from_cli takes `key=value` with a value in YAML.
 */
export function hydraArgs(
  specs: readonly ParamSpec[],
  given: readonly GivenParam[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const isHydra = specs.some(({ route }) => route.via === 'hydra' && route.dialect === undefined);
  const own = given.flatMap(({ spec, value }) => {
    const { route } = spec;
    return route.via === 'hydra' ? [{ spec, route, value }] : [];
  });
  const groups = own.filter(({ route }) => route.isGroup === true);
  const changed = groups.map(({ route }) => `${packageOf(route.key)}.`);
  const keys = own.filter(({ route }) => route.isGroup !== true);
  const known = new Set(specs.map(({ name }) => name));
  const added = isHydra
    ? Object.entries(values).filter(
        ([name, value]) => !known.has(name) && KEY.test(name) && value.trim() !== '',
      )
    : [];
  return [
    ...groups.map(({ route, value }) => `${route.key}=${value.trim()}`),
    ...keys.map(({ spec, route: { key, dialect }, value }) => {
      if (dialect === 'omegaconf') return `${key}=${yamlValue(spec, value)}`;
      const mark = changed.some((prefix) => key.startsWith(prefix)) ? '++' : '';
      return `${mark}${key}=${hydraValue(spec, value)}`;
    }),
    ...added.map(([name, value]) => `+${name}=${isPlain(value.trim()) ? value.trim() : quoted(value)}`),
  ];
}

const KEY = /^[A-Za-z_]\w*(\.\w+)*$/;

/** `db@source`: the package behind the `@`, else the group's own name. */
export function packageOf(group: string): string {
  return (group.split('@')[1] ?? group).replaceAll('/', '.');
}

function yamlValue(spec: ParamSpec, value: string): string {
  return spec.many ? yamlFlow(spec, wordsOf(value) ?? [value]) : yamlScalar(spec, value);
}

function hydraValue(spec: ParamSpec, value: string): string {
  if (!spec.many) return hydraWord(spec, value);
  return `[${(wordsOf(value) ?? [value]).map((word) => hydraWord(spec, word)).join(',')}]`;
}

function hydraWord(spec: ParamSpec, text: string): string {
  const word = text.trim();
  if (isNone(word) && (spec.nullable === true || spec.type !== 'str')) return 'null';
  switch (spec.type) {
    case 'int':
    case 'float':
      return word.replaceAll('_', '').replace(/^\+/, '');
    case 'bool':
      return asBool(word) === false ? 'false' : 'true';
    case 'str': {
      const isFree = spec.defaultValue === null;
      if (isFree && (!Number.isNaN(numberOf(word)) || /^(true|false)$/i.test(word))) return word;
      return isPlain(text) && Number.isNaN(numberOf(text)) && asWord(text) ? text : quoted(text);
    }
  }
}

/** Whether a text without quotes stays a text. */
function asWord(text: string): boolean {
  return !/^(true|false|null|nan|inf)$/i.test(text);
}

/** What needs no quotes in Hydra's grammar, and no escape in a shell. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9_./:+-]+$/.test(text);
}

/** Within single quotes only the quote itself, and the backslashes in front of one, are escaped. */
function quoted(text: string): string {
  const body = text.replace(/(\\*)('|$)/g, (_, slashes: string, quote: string) => {
    const doubled = slashes + slashes;
    return quote === '' ? doubled : `${doubled}\\'`;
  });
  return `'${body}'`;
}
