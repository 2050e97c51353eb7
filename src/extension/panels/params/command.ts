import type { CommandPart, FormEdit } from '../../../api/paramsPage';
import { quoted } from '../../../code/shellLine';
import type { Overrides, ParamSpec } from '../../../model/param';
import { type ParamGrid, valuesOf } from '../../../model/paramGrid';
import { isSameValue } from '../../../model/paramValue';

type Values = Readonly<Record<string, string>>;

/**
 * The command as it will be typed, in pieces: what differs from the script's own defaults is marked, what is wrong
 * is marked as such, and a param with several values is written once, `{0..4}`.
 * @param specs those that count
 * @param overridesOf how one value of each param reaches the script
 */
export async function commandParts(
  script: string,
  specs: readonly ParamSpec[],
  grid: ParamGrid,
  overridesOf: (specs: readonly ParamSpec[], values: Values) => Promise<Overrides>,
): Promise<readonly CommandPart[]> {
  const stand = new Map<string, string>();
  const values: Record<string, string> = {};
  for (const [index, spec] of specs.entries()) {
    const list = grid.values[spec.name];
    if (list === undefined) continue;
    const [first = ''] = list;
    const isOne = list.length === 1 || spec.action !== 'store' || spec.choices !== null;
    if (isOne) values[spec.name] = spec.action !== 'store' && list.length > 1 ? onValue(spec) : first;
    else {
      const word = `several${index}values`;
      stand.set(word, braces(spec, list));
      values[spec.name] = word;
    }
  }
  const typed = specs.filter(({ route }) => route.via !== 'config' && route.via !== 'constant');
  const overrides = await overridesOf(typed, values);
  const variables = Object.entries(overrides.variables).map(([name, value]) => {
    const spec = typed.find(({ route }) => route.via === 'environment' && route.variable === name);
    return part(`${name}=`, quoted(value), spec ?? null);
  });
  let current: ParamSpec | null = null;
  const args = overrides.args.map((word) => {
    current = specs.find((spec) => isFlagOf(spec, word)) ?? current;
    return part('', quoted(word), current);
  });
  return [...variables, { text: `python ${quoted(script)}`, kind: 'plain' }, ...args];

  function part(before: string, word: string, spec: ParamSpec | null): CommandPart {
    let text = before + word;
    let isSeveral = false;
    for (const [placeholder, shown] of stand) {
      if (!text.includes(placeholder)) continue;
      text = text.replace(placeholder, () => shown);
      isSeveral = true;
    }
    const isWrong = spec !== null && grid.problems[spec.name] !== undefined;
    if (isWrong) return { text, kind: 'wrong' };
    if (spec !== null && spec.action === 'store' && spec.choices !== null) {
      const list = grid.values[spec.name] ?? [];
      if (list.length > 1 && word === quoted(list[0] ?? '')) {
        return { text: before + braces(spec, list), kind: 'several' };
      }
    }
    if (spec !== null && spec.action !== 'store' && (grid.values[spec.name]?.length ?? 0) > 1) {
      return { text: `[${text}]`, kind: 'several' };
    }
    return { text, kind: isSeveral ? 'several' : 'changed' };
  }
}

/** The files that the runs have otherwise than the user, with the values in them. */
export function editsOf(specs: readonly ParamSpec[], texts: Values): readonly FormEdit[] {
  const files = new Map<string, { name: string; from: string | null; to: string }[]>();
  for (const spec of specs) {
    if (spec.route.via !== 'config' && spec.route.via !== 'constant') continue;
    const to = texts[spec.name];
    if (to === undefined || to.trim() === '' || isDefault(spec, to)) continue;
    const changes = files.get(spec.route.file) ?? [];
    changes.push({ name: spec.name, from: spec.defaultValue, to: braces(spec, valuesOf(spec, to)) });
    files.set(spec.route.file, changes);
  }
  return [...files].map(([file, changes]) => ({ file, changes }));
}

function isFlagOf(spec: ParamSpec, word: string): boolean {
  if (spec.route.via === 'hydra') return word.startsWith(`${spec.route.key}=`);
  if (spec.flag === null) return false;
  return [spec.flag, spec.offFlag ?? spec.flag.replace(/^--/, '--no-')].some(
    (flag) => word === flag || word.startsWith(`${flag}=`),
  );
}

/** `{0..4}` for whole numbers in a row, else `{0.1,0.2}`; one value as it is. */
export function braces(spec: ParamSpec, list: readonly string[]): string {
  const [first = ''] = list;
  if (list.length < 2) return first;
  const numbers = list.map(Number);
  const isRow =
    spec.type === 'int' && list.length > 2 && numbers.every((n, index) => n === (numbers[0] ?? 0) + index);
  return isRow ? `{${first}..${list.at(-1) ?? ''}}` : `{${list.join(',')}}`;
}

function onValue(spec: ParamSpec): string {
  return spec.defaultValue === 'True' ? 'False' : 'True';
}

function isDefault(spec: ParamSpec, value: string): boolean {
  return spec.defaultValue !== null && isSameValue(spec, value, spec.defaultValue);
}
