/** A whole number of SQLite's as a number where that is exact. */
export function narrowed(whole: bigint): number | bigint {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}
