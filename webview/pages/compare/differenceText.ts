import { formatNumber } from '../../../src/model/format';
import type { Verdict } from '../../../src/model/runComparison';
import { t } from '../../ui/l10n';

/**
 * `+0.0362 ↑`, `−0.1954 ↓`, `+0.2 ≈`.
 * @param like the value beside it as it is written: the difference has as many decimals.
 */
export function differenceText(difference: number, verdict: Verdict, like: string): string {
  const decimals = /\.(\d+)$/.exec(like)?.[1]?.length ?? 0;
  const fixed = Math.abs(difference).toFixed(decimals);
  // What rounds to nothing is still a difference.
  const isLost = Number(fixed) === 0 || Math.abs(difference) >= 1e6;
  const size = isLost ? formatNumber(Math.abs(difference)) : fixed;
  const arrow = verdict === 'within' ? '≈' : difference > 0 ? '↑' : '↓';
  return `${difference > 0 ? '+' : '−'}${size} ${arrow}`;
}

/** One word for what the colour says: of single runs none is called better. */
export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case 'better':
      return t('ahead');
    case 'worse':
      return t('behind');
    case 'within':
    case 'equal':
    case 'unknown':
      return '';
  }
}

/** The whole sentence, for hovers and screen readers. */
export function verdictSentence(verdict: Verdict): string {
  switch (verdict) {
    case 'better':
      return t('ahead of the base, beyond the spread over seeds');
    case 'worse':
      return t('behind the base, beyond the spread over seeds');
    case 'within':
      return t('within the spread over seeds');
    case 'equal':
      return t('equal to the base');
    case 'unknown':
      return '';
  }
}
