/** How numbers, ages and lengths of time read, everywhere alike. Pure. */

/**
 * A metric's or param's value: four significant digits, `3e−4` below 0.001 and `1.2e6` from a million on, whole
 * numbers whole. NaN and the infinities are written; the minus is a true minus.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text = Number.isInteger(value) && size < 1e9 ? String(value) : fraction(value, size);
  return text.replaceAll('-', '−');
}

/** As formatNumber, but with the decimals of the other values of its column: 1 beside 0.9889 reads 1.0000. */
export function formatInColumn(value: number, column: Iterable<number>): string {
  const text = formatNumber(value);
  if (!Number.isInteger(value) || Math.abs(value) >= 10) return text;
  for (const other of column) {
    if (Number.isFinite(other) && !Number.isInteger(other) && Math.abs(other) < 10) return `${text}.0000`;
  }
  return text;
}

/**
 * The values of one column or axis with one number of decimals: enough to show two digits of `spread` (a standard
 * deviation over seeds), else four significant digits of the largest with a fraction. Whole numbers among themselves stay whole,
 * and a missing value is –.
 */
export function formatColumn(
  values: readonly (number | null | undefined)[],
  spread: number | null = null,
): readonly string[] {
  const finite = values.filter((value) => typeof value === 'number').filter(Number.isFinite);
  const largest = Math.max(0, ...finite.filter((value) => !Number.isInteger(value)).map(Math.abs));
  const isPlain = largest >= 1e-3 && largest < 1e6;
  const wanted =
    spread !== null && spread > 0 ? 1 - Math.floor(Math.log10(spread)) : 3 - Math.floor(Math.log10(largest));
  const decimals = Math.min(4, Math.max(0, wanted)); // More than four would not fit a column.
  return values.map((value) => {
    if (value === null || value === undefined) return '–';
    if (!isPlain || !Number.isFinite(value)) return formatNumber(value);
    return value.toFixed(decimals).replace('-', '−');
  });
}

/** A count: 1,078. */
export function formatCount(count: number): string {
  // By hand: the browser's own formatting takes 10 ms for its first number.
  return String(count)
    .replace(/\B(?=(\d{3})+$)/g, ',')
    .replace('-', '−');
}

/** How long something took: `45 s`, `1 min 54 s`, `2 h 5 min`. Below a second: `0.4 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(`${minutes} min`, Math.floor(seconds % 60), 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(`${hours} h`, minutes % 60, 'min');
  return joined(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

/** How long ago an instant was, without "ago": `now`, `5 min`, `2 h`, `6 d`; from a week on the date, `Nov 17`. */
export function formatAge(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / (24 * 60))} d`;
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString('en-US', {
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** formatAge as part of a sentence: `now`, `2 h ago`, and a date as it is. */
export function formatAgo(at: number, now: number): string {
  const age = formatAge(at, now);
  return /^\d/.test(age) ? `${age} ago` : age;
}

/** `41 kB`, `1.2 MB`: decimal units, two digits at most after the first. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

function fraction(value: number, size: number): string {
  if (size < 1e-3 || size >= 1e6) return shortExponent(value.toExponential(3));
  if (size < 0.01) return String(Number(value.toPrecision(3)));
  if (size < 1) return value.toFixed(4);
  return value.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size))));
}

function shortExponent(text: string): string {
  const [mantissa = '', exponent = ''] = text.split('e');
  return `${String(Number(mantissa))}e${exponent.replace('+', '')}`;
}

function joined(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}
