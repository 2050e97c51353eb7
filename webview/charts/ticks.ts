import { formatCount, formatNumber } from '../../src/model/format';

const MAX_DECIMALS = 8; // Closer ticks than that are beyond what a screen shows.

/** A tick's label: as many decimals as its distance to the next one needs, 1,000 grouped. */
export function formatTick(value: number, distance: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= (Number.isInteger(value) ? 1e9 : 1e6) || size < 1e-4))
    return formatNumber(value);
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: value === 0 ? 0 : decimalsOf(distance),
    maximumFractionDigits: value === 0 ? 0 : decimalsOf(distance),
  })
    .format(value)
    .replace('-', '−');
}

/** 0.25 needs two decimals although its size says one. */
function decimalsOf(distance: number): number {
  if (!(distance > 0)) return 0;
  let decimals = 0;
  while (
    decimals < MAX_DECIMALS &&
    Math.abs(distance - Number(distance.toFixed(decimals))) > distance * 1e-6
  ) {
    decimals += 1;
  }
  return decimals;
}

/** A step: whole ones grouped, as 1,510. */
export function formatStep(step: number): string {
  return Number.isInteger(step) ? formatCount(step) : formatNumber(step);
}
