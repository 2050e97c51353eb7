import { formatColumn, formatNumber } from '../../src/model/format';

/** The numbers of one column with one number of decimals, which follows from the values that were seen. */
export class ColumnNumbers {
  private largest: number | null = null;
  private spread: number | null = null;

  /** @returns whether numbers read otherwise now. */
  see(value: number): boolean {
    if (!Number.isFinite(value) || Number.isInteger(value)) return false;
    const size = Math.abs(value);
    if (this.largest !== null && size <= this.largest) return false;
    this.largest = size;
    return true;
  }

  /**
   * A standard deviation over seeds: two of its digits are shown. The smallest counts.
   * @returns whether numbers read otherwise now.
   */
  seeSpread(deviation: number | null): boolean {
    if (deviation === null || !(deviation > 0) || deviation >= (this.spread ?? Infinity)) return false;
    this.spread = deviation;
    return true;
  }

  format(value: number): string {
    const text = formatColumn([value, this.largest], this.spread)[0] ?? '–';
    // What would read as nothing is written with its exponent.
    return value !== 0 && Number.isFinite(value) && !/[1-9]/.test(text) ? formatNumber(value) : text;
  }
}
