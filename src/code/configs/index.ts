import { UserError } from '../../base/errors';
import type { ParamSpec } from '../../model/param';
import { isSameValue } from '../../model/paramValue';
import { factsOfLiteral } from '../params/values';
import type { ConfigEntry, ConfigFormat } from './entry';
import { jsonFormat } from './json';
import { tomlFormat } from './toml';
import { yamlFormat } from './yaml';

export type { ConfigEntry } from './entry';

/** Every kind of config file. */
export const CONFIG_FORMATS: readonly ConfigFormat[] = [yamlFormat, jsonFormat, tomlFormat];

/** Files like `params.yaml`. */
export function isConfigPath(path: string): boolean {
  return formatOf(path) !== null;
}

/** The values of a config that can be changed, in their order; empty for what cannot be read. */
export function readConfig(path: string, text: string): readonly ConfigEntry[] {
  return formatOf(path)?.read(text) ?? [];
}

/**
 * The text of a config with one value changed and nothing else.
 * @throws UserError 'param-edit' when there is no such key, or the file would not read back as what was meant.
 */
export function editConfig(
  path: string,
  text: string,
  keys: readonly string[],
  spec: ParamSpec,
  value: string,
): string {
  const format = formatOf(path);
  const name = keys.join('.');
  const entries = format?.read(text) ?? [];
  const entry = entries.find((one) => one.keys.join('\0') === keys.join('\0'));
  if (format === null || entry === undefined) {
    throw new UserError('param-edit', `${path} has no ${name} that could be changed. Open the form anew.`);
  }
  const { from, to } = entry.value;
  const old = text.slice(from, to);
  const written = format.write(spec, value, old.trimStart());
  const isBehindColon = text.charAt(from - 1) === ':' && !written.startsWith(' ');
  const changed = `${text.slice(0, from)}${isBehindColon ? ' ' : ''}${written}${text.slice(to)}`;
  const after = format.read(changed);
  const found = after.find((one) => one.keys.join('\0') === keys.join('\0'));
  if (after.length !== entries.length || found === undefined || !isMeant(spec, found, value)) {
    throw new UserError(
      'param-edit',
      `${value} cannot be written as ${name} into ${path}. Change it there by hand.`,
    );
  }
  return changed;
}

function isMeant(spec: ParamSpec, { literal }: ConfigEntry, value: string): boolean {
  const { defaultValue, type, many } = factsOfLiteral(literal);
  if (defaultValue === null) return literal.kind === 'none';
  return isSameValue({ ...spec, type, many }, defaultValue, value) || defaultValue === value.trim();
}

function formatOf(path: string): ConfigFormat | null {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return CONFIG_FORMATS.find(({ extensions }) => extensions.includes(extension)) ?? null;
}
