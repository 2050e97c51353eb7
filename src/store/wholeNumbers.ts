/** A whole number of SQLite's as a number where that is exact. */
export function narrowed(whole: number | bigint): number | bigint {
  if (typeof whole === 'number') return whole;
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}
