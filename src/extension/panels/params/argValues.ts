import type { ParamSpec } from '../../../model/param';
import { quoteWord } from '../../../model/paramValue';

/**
 * The values that arguments give to params: the way back from a command to the form. Words that belong to no param
 * are left out, and so are positional ones, whose param nobody can tell.
 */
export function valuesOfArgs(
  specs: readonly ParamSpec[],
  args: readonly string[],
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const hydra = specs.find(
      (spec) => spec.route.via === 'hydra' && spec.route.key === name.replace(/^\++/, ''),
    );
    if (hydra !== undefined && equals > 0) {
      values[hydra.name] = word.slice(equals + 1);
      continue;
    }
    const spec = specs.find((one) => one.flag !== null && isOption(one, name));
    if (spec === undefined) continue;
    if (spec.action !== 'store') {
      values[spec.name] = name === spec.flag ? (spec.action === 'store_false' ? 'False' : 'True') : 'False';
    } else if (equals > 0) {
      values[spec.name] = word.slice(equals + 1);
    } else {
      const given: string[] = [];
      while (given.length < (spec.many ? Infinity : 1)) {
        const next = args[index + 1];
        if (next === undefined || specs.some((one) => isOption(one, next))) break;
        given.push(next);
        index += 1;
      }
      values[spec.name] = spec.many ? given.map(quoteWord).join(' ') : (given[0] ?? '');
    }
  }
  return values;
}

function isOption(spec: ParamSpec, word: string): boolean {
  if (spec.flag === null) return false;
  const off = spec.offFlag ?? spec.flag.replace(/^--/, '--no-');
  return word === spec.flag || (spec.action === 'boolean_optional' && word === off);
}
