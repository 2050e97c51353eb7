import type { ContentWidths } from './layout';
import type { ShownColumn } from './columns';
import { columnSubtitle, columnTitle } from './columnWords';
import { textWidth } from './textWidth';

const SORT_MARK = 16;
const MARKS = 70; // The dot, the state and one mark behind the name.
const FOLD_MARK = 36; // Before a group's name, and its letters are bold.
const MOST_LETTERS = 80; // A text of five hundred letters is cut anyway.

/** How wide the contents of columns are, as far as they were seen. Columns only grow, so that nothing jumps. */
export class SeenWidths implements ContentWidths {
  ownName: number | null = null;
  /** The columns that are sorted by: their headings have a mark. */
  sorted: ReadonlySet<string> = new Set();
  /** The font of the table, as CSS writes it. */
  font = '13px sans-serif';
  private readonly contents = new Map<string, { letters: number; width: number }>();
  private readonly titles = new Map<string, number>();
  private nameLetters = 0;
  private groupLetters = 0;
  name = 0;
  wideName = 0;

  title({ column, key, isNumeric, look }: ShownColumn): number {
    let width = this.titles.get(key);
    if (width === undefined) {
      const small = this.font.replace(/[\d.]+px/, '11px');
      width = Math.max(
        textWidth(columnTitle(column), this.font) + 2,
        textWidth(columnSubtitle(column), small),
        isNumeric && look === 'bars' ? 60 : 0,
      );
      this.titles.set(key, width);
    }
    return width + (this.sorted.has(key) ? SORT_MARK : 0);
  }

  content({ key }: ShownColumn): number {
    return this.contents.get(key)?.width ?? 0;
  }

  groupContent({ key }: ShownColumn): number {
    return this.contents.get(groupKey(key))?.width ?? 0;
  }

  /** @returns whether the column is to be wider now. */
  sees({ key: ownKey }: ShownColumn, text: string, isGroup: boolean): boolean {
    const key = isGroup ? groupKey(ownKey) : ownKey;
    const known = this.contents.get(key);
    const letters = Math.min(text.length, MOST_LETTERS);
    if (known !== undefined && letters <= known.letters) return false;
    const width = Math.ceil(textWidth(text.slice(0, MOST_LETTERS), this.font));
    this.contents.set(key, { letters, width: Math.max(width, known?.width ?? 0) });
    return width > (known?.width ?? 0);
  }

  /** @returns whether the names are to be wider now. */
  seesName(name: string): boolean {
    if (name.length <= this.nameLetters) return false;
    this.nameLetters = name.length;
    return this.growName(this.widthOf(name) + MARKS);
  }

  /** A group's name, which is to be whole, and what stands behind it where there is room. */
  seesGroup(name: string, more: string): boolean {
    const letters = name.length + more.length;
    if (letters <= this.groupLetters) return false;
    this.groupLetters = letters;
    const width = this.widthOf(name) + FOLD_MARK;
    const wide = width + this.widthOf(more);
    const isWider = wide > this.wideName;
    if (isWider) this.wideName = wide;
    return this.growName(width) || isWider;
  }

  /** Everything is measured anew: the font is another one. */
  forget(): void {
    this.contents.clear();
    this.titles.clear();
    this.nameLetters = 0;
    this.groupLetters = 0;
    this.name = 0;
    this.wideName = 0;
  }

  private growName(width: number): boolean {
    if (width <= this.name) return false;
    this.name = width;
    return true;
  }

  private widthOf(text: string): number {
    return Math.ceil(textWidth(text.slice(0, MOST_LETTERS), this.font));
  }
}

function groupKey(key: string): string {
  return `group ${key}`;
}
