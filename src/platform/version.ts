/** Set by the bundler to the version of package.json. */
declare const WINNOW_VERSION: string | undefined;

/** Winnow's own version, '0.0.0' when it runs unbundled. */
export const VERSION = typeof WINNOW_VERSION === 'string' ? WINNOW_VERSION : '0.0.0';

/** Whether version `a` is newer than `b`, both written as 1.2.3; a suffix such as -beta is not looked at. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function numbersOf(version: string): number[] {
  return version.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
}
