import type { RunEnvironment } from './environment';

/** A package of two environments; null: it is not in that one. */
export interface PackageDifference {
  readonly name: string;
  readonly own: string | null;
  readonly other: string | null;
}

/** Packages that two environments have in different versions, or only one of them has, by name. Pure. */
export function comparePackages(
  own: RunEnvironment | null,
  other: RunEnvironment | null,
): readonly PackageDifference[] {
  if (!own?.python || !other?.python) return [];
  const mine = versionsOf(own.python.packages);
  const theirs = versionsOf(other.python.packages);
  return [...new Set([...mine.keys(), ...theirs.keys()])]
    .map((name) => ({ name, own: mine.get(name) ?? null, other: theirs.get(name) ?? null }))
    .filter((found) => found.own !== found.other)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Versions by name, from lines as requirements.txt has them: `numpy==2.4.0`, `pkg @ file:///…`, `-e git+…#egg=pkg`.
 * Names are the same in any case and with '-', '_' or '.' (PEP 503). What is no package is left out.
 */
export function versionsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const line of lines) {
    const egg = /^-e\s.*#egg=([\w.-]+)/.exec(line)?.[1];
    const found = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?:===?\s*(\S+)|@\s*(\S+))/.exec(line);
    const name = egg ?? found?.[1];
    const version = egg === undefined ? (found?.[2] ?? found?.[3]) : line.slice(2).trim();
    if (name !== undefined && version !== undefined) {
      versions.set(name.toLowerCase().replaceAll(/[-_.]+/g, '-'), version);
    }
  }
  return versions;
}
