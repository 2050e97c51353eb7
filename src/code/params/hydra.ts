import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { ParamSpec } from '../../model/param';
import { type ConfigEntry, readConfig } from '../configs';
import { literalOf, stringOf } from '../literals';
import { type PythonFile, childrenOf, keyword, positionals, rangeOf, textOf } from '../python';
import { configFields } from './dataclasses';
import { classFinder, constantsFor, functionsIn } from './facts';
import { folderOf, joined } from './imports';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import type { Script } from './script';
import { factsOfLiteral, imports, isPlainList, lastName } from './values';

/** Params of Hydra: the keys of its config with those of its groups, and which file of a group is taken. */
export const hydraReader: ParamReader = {
  id: 'hydra',
  source: 'hydra',
  read(script) {
    const { file } = script;
    if (!imports(file, 'hydra|omegaconf')) return [];
    const main = functionsIn(file)
      .flatMap(({ decorators }) => decorators)
      .find(
        ({ name, receiver }) => name === 'main' && receiver !== null && textOf(file, receiver) === 'hydra',
      );
    if (main === undefined) return ofCommandLine(script);
    const text = (name: string, place: number) => {
      const literal = literalOf(file, keyword(main, name) ?? positionals(main)[place], constantsFor(file));
      return literal?.kind === 'string' ? literal.value : null;
    };
    const name = (text('config_name', 1) ?? '').replace(/\.ya?ml$/, '');
    if (name === '') return [];
    const folder = joinedPath(folderOf(script.path), text('config_path', 0) ?? '');
    const stored = storedClass(file, name);
    const structured = stored === null ? [] : configFields(script, stored).map(asKey);
    if (folder === null) return structured;
    const composition: Composition = {
      script,
      root: folder,
      keys: new Map(),
      groups: new Map(),
      seen: new Set(),
    };
    compose(composition, name, '', '', 0);
    return [...composition.groups.values(), ...composition.keys.values(), ...structured];
  },
};

interface Composition {
  readonly script: Script;
  /** The folder of the configs. */
  readonly root: string;
  readonly keys: Map<string, Declaration>;
  readonly groups: Map<string, Declaration>;
  readonly seen: Set<string>;
}

const MAX_DEPTH = 12;

/** Puts a config and those of its defaults list into the composition. @param group the folder that it lies in. */
function compose(composition: Composition, name: string, group: string, target: string, depth: number): void {
  const { script, root, seen } = composition;
  const path = joined([root, group, `${name}.yaml`]);
  if (depth > MAX_DEPTH || seen.has(path)) return;
  seen.add(path);
  const text = script.text(path);
  if (text === null) return;
  const entries = readConfig(path, text);
  const header = /^\s*#\s*@package\s+(\S+)/m.exec(text)?.[1];
  const own = header === undefined ? target : packageNamed(header, group, target);
  const addOwn = () => {
    for (const entry of entries) addKey(composition, path, own, entry);
  };
  const defaults = defaultsOf(text);
  const overridden = new Map(defaults.filter((one) => one.isOverride).map((one) => [one.group, one.option]));
  let isOwnDone = false;
  for (const one of defaults) {
    if (one.isSelf) {
      addOwn();
      isOwnDone = true;
    } else if (!one.isOverride) {
      composeDefault(composition, one, overridden, group, own, path, depth);
    }
  }
  // Without _self_ a config comes after its defaults.
  if (!isOwnDone) addOwn();
}

function composeDefault(
  composition: Composition,
  one: Default,
  overridden: ReadonlyMap<string, string | null>,
  group: string,
  own: string,
  path: string,
  depth: number,
): void {
  const isAbsolute = one.group.startsWith('/') || (one.option ?? '').startsWith('/');
  const full = joined([isAbsolute ? '' : group, one.group.replace(/^\//, '')]);
  if (full === 'hydra' || full.startsWith('hydra/')) return;
  const option = overridden.get(one.group) ?? one.option;
  if (!one.isGroup) {
    if (option !== null)
      compose(
        composition,
        option.replace(/^\//, '').replace(/\.ya?ml$/, ''),
        isAbsolute ? '' : group,
        own,
        depth + 1,
      );
    return;
  }
  const inner = one.target ?? one.group.replace(/^\//, '').replaceAll('/', '.');
  const target =
    inner === '_global_'
      ? ''
      : [isAbsolute ? '' : own, inner === '_here_' ? '' : inner].filter(Boolean).join('.');
  const key = one.target === null ? full : `${full}@${one.target}`;
  if (!composition.groups.has(key))
    composition.groups.set(key, groupParam(composition, key, full, option, path));
  if (option !== null) compose(composition, option, full, target, depth + 1);
}

function groupParam(
  { script, root }: Composition,
  key: string,
  group: string,
  option: string | null,
  path: string,
): Declaration {
  const choices = script
    .names(joined([root, group]))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => name.replace(/\.ya?ml$/, ''))
    .sort();
  const facts = {
    name: key,
    route: { via: 'hydra' as const, key, isGroup: true },
    defaultValue: option,
    choices: choices.length > 0 ? choices : null,
    required: option === '???',
    range: { from: 0, to: 0 },
  };
  return inFile(declare('hydra', option === '???' ? { ...facts, defaultValue: null } : facts), path);
}

function addKey({ keys, groups }: Composition, path: string, target: string, entry: ConfigEntry): void {
  const { literal, value, help } = entry;
  const [first] = entry.keys;
  if (first === 'defaults' || first === 'hydra' || entry.keys.some((key) => key.startsWith('_'))) return;
  if (literal.kind === 'list' && !isPlainList(literal)) return;
  const key = [target, ...entry.keys].filter(Boolean).join('.');
  if (groups.has(key)) return;
  const isMissing = literal.kind === 'string' && literal.value === '???';
  const facts: Partial<ParamSpec> = isMissing ? { required: true } : factsOfLiteral(literal);
  const declaration = declare('hydra', {
    ...facts,
    name: key,
    route: { via: 'hydra', key },
    help,
    range: value,
  });
  keys.set(key, inFile(declaration, path));
}

interface Default {
  readonly group: string;
  readonly option: string | null;
  readonly isGroup: boolean;
  readonly isOverride: boolean;
  readonly isSelf: boolean;
  /** The package behind an `@`. */
  readonly target: string | null;
}

/** The entries of a defaults list; those of several options are left out. */
function defaultsOf(text: string): readonly Default[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return [];
  const list: unknown = isMap(document.contents) ? document.contents.get('defaults', true) : null;
  if (!isSeq(list)) return [];
  return list.items.flatMap((item): Default[] => {
    const plain = { group: '', isGroup: false, isOverride: false, target: null };
    if (isScalar(item)) return [{ ...plain, option: String(item.value), isSelf: item.value === '_self_' }];
    return isMap(item) ? item.items.flatMap(({ key, value }) => defaultOf(key, value)) : [];
  });
}

/** `optional model@net: small` */
function defaultOf(key: unknown, value: unknown): readonly Default[] {
  if (!isScalar(key) || (value !== null && !isScalar(value))) return [];
  const words = String(key.value);
  const [group = '', target] = words.replace(/^(override|optional) +/, '').split('@');
  const option = value === null || value.value === null ? null : String(value.value).replace(/\.ya?ml$/, '');
  const isOverride = words.startsWith('override ');
  return [{ group, option, isGroup: true, isOverride, isSelf: false, target: target ?? null }];
}

/** `# @package _global_` */
function packageNamed(header: string, group: string, target: string): string {
  if (header === '_global_') return '';
  if (header === '_group_') return group.replaceAll('/', '.');
  return header.startsWith('_global_.')
    ? header.slice('_global_.'.length)
    : header === '_here_'
      ? target
      : header;
}

/** `cs.store(name="config", node=Config)` */
function storedClass(file: PythonFile, name: string): string | null {
  const call = file.calls.find(
    (one) =>
      one.name === 'store' &&
      stringOf(file, keyword(one, 'name')) === name &&
      keyword(one, 'group') === undefined,
  );
  return call === undefined ? null : lastName(file, keyword(call, 'node'));
}

/** OmegaConf.structured(Config) or OmegaConf.create({…}), merged with OmegaConf.from_cli(). */
function ofCommandLine(script: Script): readonly Declaration[] {
  const { file } = script;
  if (!file.calls.some(({ name }) => name === 'from_cli')) return [];
  return file.calls.flatMap((call) => {
    const [first] = positionals(call);
    if (first === undefined) return [];
    if (call.name === 'structured') {
      const name = lastName(file, first.name === 'CallExpression' ? first.firstChild : first);
      const isKnown = name !== null && classFinder(script)(name) !== null;
      return isKnown ? configFields(script, name).map(asKey).map(inOmegaConf) : [];
    }
    return call.name === 'create' ? keysOfDict(file, first, []).map(inOmegaConf) : [];
  });
}

function keysOfDict(
  file: PythonFile,
  node: ReturnType<typeof childrenOf>[number],
  keys: readonly string[],
): readonly Declaration[] {
  if (node.name !== 'DictionaryExpression' || keys.length > MAX_DEPTH) return [];
  return childrenOf(node).flatMap((child) => {
    const key = child.nextSibling?.name === ':' ? stringOf(file, child) : null;
    const value = child.nextSibling?.nextSibling ?? null;
    if (key === null || value === null) return [];
    const name = [...keys, key].join('.');
    if (value.name === 'DictionaryExpression') return keysOfDict(file, value, [...keys, key]);
    const literal = literalOf(file, value, constantsFor(file));
    if (literal === null || (literal.kind === 'list' && !isPlainList(literal))) return [];
    return [
      declare('hydra', {
        ...factsOfLiteral(literal),
        name,
        route: { via: 'hydra', key: name },
        range: rangeOf(child),
      }),
    ];
  });
}

/** A field of a structured config is given by its name, without dashes. */
function asKey({ spec, optionRanges }: Declaration): Declaration {
  const route = { via: 'hydra', key: spec.name } as const;
  return { optionRanges, spec: { ...spec, source: 'hydra', route, flag: null } };
}

function inOmegaConf(declaration: Declaration): Declaration {
  const { name } = declaration.spec;
  return {
    ...declaration,
    spec: { ...declaration.spec, route: { via: 'hydra', key: name, dialect: 'omegaconf' } },
  };
}

/** A path from a folder; null when it leaves the folder that the script runs in. */
function joinedPath(folder: string, path: string): string | null {
  if (path.startsWith('/') || path.includes('://')) return null;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
