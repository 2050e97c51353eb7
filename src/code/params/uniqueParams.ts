import type { ParamSpec } from '../../model/param';

/** Each param once: the first way in which the script takes it counts, so that nothing is set twice. */
export function uniqueParams(specs: readonly ParamSpec[]): readonly ParamSpec[] {
  const found = new Map<string, ParamSpec>();
  for (const spec of specs) {
    const key = `${spec.subcommand ?? ''} ${spec.name}`;
    if (!found.has(key)) found.set(key, spec);
  }
  return [...found.values()];
}
