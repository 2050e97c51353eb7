import { t } from './l10n';

const MINUS = '−';
const MAX_DECIMALS = 8; // A column of more is no number to compare by eye.

/** A number by itself: four significant digits, whole numbers whole, 3e−4 below 0.001, NaN and ±∞ written. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return formatNotFinite(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e9) return formatPower(value);
  if (Number.isInteger(value)) return signed(value, groups(size.toFixed(0)));
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(size)));
  return formatFixed(value, decimals);
}

/** A number with its column's decimals. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatNotFinite(value);
  const text = Math.abs(value).toFixed(decimals);
  const isZero = Number(text) === 0;
  if (isZero && value !== 0) return formatPower(value);
  const [whole = '', fraction] = text.split('.');
  return signed(isZero ? 0 : value, fraction === undefined ? groups(whole) : `${groups(whole)}.${fraction}`);
}

/** The decimals of a column of numbers: three digits of their spread, and four significant ones at most. */
export function decimalsOf(values: Iterable<number>): number {
  let min = Infinity;
  let max = -Infinity;
  let whole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    whole &&= Number.isInteger(value);
  }
  if (min > max || whole) return 0;
  const size = Math.max(Math.abs(min), Math.abs(max));
  const bySize = 3 - Math.floor(Math.log10(size));
  const bySpread = max > min ? 2 - Math.floor(Math.log10(max - min)) : bySize;
  return Math.min(MAX_DECIMALS, Math.max(0, Math.max(bySize, Math.min(bySpread, bySize + 2))));
}

/** A tick's label: as many decimals as its distance to the next one needs. */
export function formatTick(value: number, distance: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return formatPower(value);
  const decimals = Math.min(MAX_DECIMALS, decimalsOfStep(distance));
  return formatFixed(value, decimals);
}

/** 45 s; 1 min 54 s; 2 h 5 min. */
export function formatDuration(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return t('{0} s', seconds.toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return t('{0} s', whole);
  if (whole < 3600) return t('{0} min {1} s', Math.floor(whole / 60), whole % 60);
  return t('{0} h {1} min', Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
}

function decimalsOfStep(distance: number): number {
  if (!(distance > 0)) return 0;
  let decimals = 0;
  // 0.25 needs two decimals although its size says one.
  while (
    decimals < MAX_DECIMALS &&
    Math.abs(distance - Number(distance.toFixed(decimals))) > distance * 1e-6
  ) {
    decimals += 1;
  }
  return decimals;
}

function formatNotFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : `${MINUS}∞`;
}

function formatPower(value: number): string {
  const [digits = '', power = ''] = value.toExponential(2).split('e');
  const short = Number(digits).toString();
  return `${short.replace('-', MINUS)}e${power.replace('+', '').replace('-', MINUS)}`;
}

function signed(value: number, text: string): string {
  return value < 0 ? `${MINUS}${text}` : text;
}

function groups(whole: string): string {
  return whole.length < 4 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
}
