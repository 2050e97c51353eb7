import { isSame } from '../../../src/model/runComparison';
import { t } from '../../ui/l10n';

/** What one run has in one row. */
export interface CompareCell {
  /** As it is shown: – for nothing, = for what is equal to the base. */
  readonly text: string;
  /** The value itself, for copying and for telling differences; null: the run has none. */
  readonly value: string | null;
  /** How it stands to the base; 'base' in the base's own column. */
  readonly standing: 'base' | 'missing' | 'equal' | 'differs';
  /** A number or a difference: stands at the right edge of its slot. */
  readonly isNumber: boolean;
  /** What stands behind the value, such as a difference with its arrow. */
  readonly note?: string;
  /** What the note means, in words for those who don't see its colour. */
  readonly noteWord?: string;
  readonly tone?: 'passed' | 'failed' | 'dim' | 'added' | 'removed' | 'changed';
  readonly icon?: string;
  /** More about it, for a hover. */
  readonly title?: string;
  /** Whether Enter and a click open something. */
  readonly opens?: boolean;
}

export const MISSING: Pick<CompareCell, 'text' | 'value' | 'standing' | 'isNumber'> = {
  text: '–',
  value: null,
  standing: 'missing',
  isNumber: false,
};

/** One row of texts: the first is the base's. */
export function textCells(values: readonly (string | null)[]): readonly CompareCell[] {
  const base = values[0] ?? null;
  return values.map((value, index): CompareCell => {
    if (value === null) return { ...MISSING, isNumber: isNumeric(base ?? '') };
    const isNumber = isNumeric(value);
    const shown = value === '' ? t('empty') : value;
    if (index === 0) return { text: shown, value, standing: 'base', isNumber };
    return isSame(base, value)
      ? { text: '=', value, standing: 'equal', isNumber: isNumeric(base ?? '') }
      : { text: shown, value, standing: 'differs', isNumber };
  });
}

/** Whether a run has something else than the base. One that lacks it differs, too. */
export function differs(values: readonly (string | null)[]): boolean {
  const base = values[0] ?? null;
  return values.some((value) => !isSame(base, value));
}

const MOST_DIGITS = 12; // Longer ones are names made of digits, and would not fit the slot of numbers.

function isNumeric(text: string): boolean {
  return (
    text !== '' &&
    text.length <= MOST_DIGITS &&
    /^[+-]?(\d|\.\d|inf|nan)/i.test(text) &&
    !/[\s/:]/.test(text) &&
    !Number.isNaN(Number(text))
  );
}
