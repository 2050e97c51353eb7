import type { ConfigurationFact } from '../../../src/model/experimentFacts';
import { formatColumn } from '../../../src/model/format';

/** A difference and its interval with one number of decimals and their signs: `+0.0288`, `+0.0181`, `+0.0395`. */
export function differenceTexts({
  difference,
  interval,
}: Pick<ConfigurationFact, 'difference' | 'interval'>): {
  readonly difference: string;
  readonly low: string;
  readonly high: string;
} {
  const values = interval === null ? [difference] : [difference, interval.low, interval.high];
  // Two digits of the interval's width are what the difference is worth.
  const width = interval === null ? null : (interval.high - interval.low) / 4;
  const texts = formatColumn(values.map(Math.abs), width);
  const [own = '', low = '', high = ''] = texts.map((text, i) => signed(values[i] ?? 0, text));
  return { difference: own, low, high };
}

function signed(value: number, text: string): string {
  if (!/[1-9]/.test(text) && !text.includes('∞')) return text; // A zero has no sign.
  return value < 0 ? `−${text}` : `+${text}`;
}
