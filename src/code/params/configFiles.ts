import type { SyntaxNode } from '@lezer/common';
import type { ParamSpec, Range } from '../../model/param';
import { isConfigPath, readConfig } from '../configs';
import { literalOf } from '../literals';
import { type PythonFile, keyword, nodesOf, positionals, rangeOf, textOf } from '../python';
import { constantsFor } from './facts';
import { folderOf, joined } from './imports';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import type { Script } from './script';
import { factsOfLiteral, isPlainList } from './values';

/**
 * Keys of YAML, JSON and TOML files that the script loads by a literal name, or by the default of a flag. Where
 * OmegaConf.from_cli reads the command line, they are given there.
 */
export const configReader: ParamReader = {
  id: 'configFiles',
  source: 'config',
  read(script, found) {
    const loaded = [...loadedByName(script), ...givenByFlag(found)];
    const takesDots = script.sources.some(({ file }) => file.calls.some(({ name }) => name === 'from_cli'));
    const paths = new Set<string>();
    return loaded.flatMap((one) => {
      const path = one.paths.find((candidate) => script.text(candidate) !== null);
      if (path === undefined || paths.has(path)) return [];
      paths.add(path);
      return keysOf(script, path, one, takesDots);
    });
  },
};

interface Loaded {
  /** Where the file may lie, likeliest first. */
  readonly paths: readonly string[];
  readonly range: Range;
  readonly chosenBy?: string;
}

const MOST_KEYS = 150; // A file with more is data.
const MOST_CHARACTERS = 200_000;

function keysOf(script: Script, path: string, loaded: Loaded, takesDots: boolean): readonly Declaration[] {
  const text = script.text(path) ?? '';
  const entries = text.length > MOST_CHARACTERS ? [] : readConfig(path, text);
  if (entries.length > MOST_KEYS) return [];
  return entries.flatMap(({ keys, literal, value, help }) => {
    if (literal.kind === 'list' && !isPlainList(literal)) return [];
    const name = keys.join('.');
    const facts: Partial<ParamSpec> = {
      ...factsOfLiteral(literal),
      name,
      help,
      route: takesDots
        ? { via: 'hydra', key: name, dialect: 'omegaconf' }
        : {
            via: 'config',
            file: path,
            keys,
            ...(loaded.chosenBy === undefined ? {} : { chosenBy: loaded.chosenBy }),
          },
    };
    return [inFile(declare(takesDots ? 'hydra' : 'config', { ...facts, name, range: value }), path)];
  });
}

/** A flag such as `--config params.yaml`. JSON is data as often: its flag must say that it is a config. */
function givenByFlag(found: readonly Declaration[]): readonly Loaded[] {
  return found.flatMap(({ spec }) => {
    const path = spec.defaultValue;
    if (path === null || spec.many || spec.route.via !== 'argument' || !isConfigPath(path)) return [];
    const isConfig = /conf|cfg|param|setting|yaml|toml|hp/i.test(spec.name) || /\.(ya?ml|toml)$/i.test(path);
    return isConfig ? [{ paths: [path.replace(/^\.\//, '')], range: spec.range, chosenBy: spec.name }] : [];
  });
}

const LOADS =
  /^(open|safe_load|full_load|unsafe_load|load\w*|read\w*|parse\w*|Path|from_yaml\w*|from_json\w*|from_file|from_toml|fromfile|get_config|params_show|YAML|Dynaconf)$/i;

/** Libraries that load data. */
const OF_DATA = /^(np|numpy|pd|pandas|pl|polars|torch|joblib|pickle|datasets|df\w*|geopandas|gpd)$/;

function loadedByName(script: Script): readonly Loaded[] {
  return script.sources.flatMap(({ file, path: module, isReached }) => {
    const here = folderOf(module ?? script.path);
    const add = (node: SyntaxNode, name: string, isBeside: boolean): Loaded => {
      const plain = name.replace(/^\.\//, '');
      const beside = joined([here, plain]);
      return { range: rangeOf(node), paths: isBeside ? [beside] : [...new Set([plain, beside])] };
    };
    const ofCalls = file.calls.flatMap((call): Loaded[] => {
      if (!isReached(call.node)) return [];
      if (call.name === 'join') return joinedPath(file, call.node, positionals(call), add);
      const receiver = call.receiver === null ? '' : textOf(file, call.receiver);
      if (!LOADS.test(call.name) || OF_DATA.test(receiver) || isWritten(file, call.node)) return [];
      if (call.name === 'params_show' && positionals(call).length === 0)
        return [add(call.node, 'params.yaml', false)];
      const node = positionals(call)[0] ?? keyword(call, 'file');
      const name = configName(file, node);
      const mode = literalOf(file, positionals(call)[1] ?? keyword(call, 'mode'));
      const isRead = call.name !== 'open' || mode?.kind !== 'string' || !/[wax]/.test(mode.value);
      return node === undefined || name === null || !isRead ? [] : [add(node, name, false)];
    });
    // Path(__file__).parent / "params.yaml"
    const ofPaths = nodesOf(file, 'BinaryExpression').flatMap((node) => {
      const name = configName(file, node.lastChild);
      if (
        name === null ||
        !isReached(node) ||
        !/\/\s*$/.test(file.source.slice(node.from, node.lastChild?.from))
      )
        return [];
      return isWritten(file, node) ? [] : [add(node, name, textOf(file, node).includes('__file__'))];
    });
    return [...ofCalls, ...ofPaths];
  });
}

function joinedPath(
  file: PythonFile,
  node: SyntaxNode,
  parts: readonly SyntaxNode[],
  add: (node: SyntaxNode, name: string, isBeside: boolean) => Loaded,
): Loaded[] {
  const names = parts.map((part) => literalOf(file, part));
  const words = names.flatMap((name) => (name?.kind === 'string' ? [name.value] : []));
  const isBeside = textOf(file, node).includes('__file__');
  if (!isConfigPath(words.at(-1) ?? '') || isWritten(file, node)) return [];
  return words.length === parts.length || isBeside ? [add(node, words.join('/'), isBeside)] : [];
}

function configName(file: PythonFile, node: SyntaxNode | null | undefined): string | null {
  const literal = literalOf(file, node, constantsFor(file));
  return literal?.kind === 'string' && isConfigPath(literal.value) ? literal.value : null;
}

/** `Path("x.json").write_text(…)`, `open(Path("x.json"), "w")` */
function isWritten(file: PythonFile, node: SyntaxNode): boolean {
  const lineEnd = file.source.indexOf('\n', node.to);
  const rest = file.source.slice(node.to, Math.min(lineEnd < 0 ? file.source.length : lineEnd, node.to + 60));
  return /^\)?\.(write_|open\(\s*(mode\s*=\s*)?["'][wax])|^\)?\s*,\s*(mode\s*=\s*)?["'][wax]b?["']/.test(
    rest,
  );
}
