import type { ParamSpec } from '../../model/param';

/**
 * Each param once: the first way in which the script takes it counts, so that nothing is set twice. A constant or
 * a variable of the same name in capitals is the default of that.
 */
export function uniqueParams(specs: readonly ParamSpec[]): readonly ParamSpec[] {
  const found = new Map<string, ParamSpec>();
  const names = new Set<string>();
  for (const spec of specs) {
    const key = `${spec.subcommand ?? ''} ${spec.name}`;
    const isRepeated =
      spec.subcommand === undefined && spec.route.via !== 'argument' && names.has(plain(spec));
    if (found.has(key) || isRepeated) continue;
    found.set(key, spec);
    names.add(plain(spec));
  }
  return [...found.values()];
}

function plain({ name }: ParamSpec): string {
  return name.toLowerCase().replaceAll('-', '_');
}
