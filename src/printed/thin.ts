const WHOLE = 20_000;

/**
 * Whether a metric's next value is kept, after `count` that were printed. All of the first 20,000; then one of ten,
 * from 200,000 on one of a hundred, and so on: a script that prints as fast as it can must not fill the store. The
 * last value is always kept besides.
 */
export function keeps(count: number): boolean {
  let every = 1;
  for (let limit = WHOLE; count >= limit; limit *= 10) every *= 10;
  return count % every === 0;
}
