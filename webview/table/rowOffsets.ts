export const ROW_HEIGHT = 22;
export const GROUP_HEIGHT = 24;
const MORE = GROUP_HEIGHT - ROW_HEIGHT;

/** Where each row lies. Of rows that were not read it is not known that they are groups: they count as runs. */
export class RowOffsets {
  private groups: readonly number[] = [];
  private count = 0;

  get rowCount(): number {
    return this.count;
  }

  /** The height of all rows. */
  get height(): number {
    return this.count * ROW_HEIGHT + this.groups.length * MORE;
  }

  /** @param groups the indices of the rows that are groups, in order. */
  set(count: number, groups: readonly number[]): void {
    this.count = count;
    this.groups = groups;
  }

  /** The top of a row in pixels. */
  topOf(index: number): number {
    return index * ROW_HEIGHT + this.groupsBefore(index) * MORE;
  }

  /** The row at a height in pixels; the nearest one when there is none. */
  indexAt(top: number): number {
    let index = Math.floor(top / ROW_HEIGHT);
    // Each group above moves the rows down by less than a row: few steps lead to it.
    while (index > 0 && this.topOf(index) > top)
      index -= Math.max(1, Math.floor((this.topOf(index) - top) / GROUP_HEIGHT));
    while (this.topOf(index + 1) <= top && index < this.count) index += 1;
    return Math.max(0, Math.min(this.count - 1, index));
  }

  private groupsBefore(index: number): number {
    let low = 0;
    let high = this.groups.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.groups[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
