import type { CompareView, ComparedCode, SystemMeans } from '../../../src/api/comparePage';
import { formatCount } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { codeSection } from './codeSection';
import { dataSection } from './dataSection';
import { environmentSection } from './environmentSection';
import { type MetricValue, metricsSection } from './metricsSection';
import type { Section } from './rows';
import { runSection } from './runSection';
import { systemSection } from './systemSection';
import { differing, textRows } from './textRows';

/** What was read after the first paint. */
export interface Readings {
  /** Null: not read yet. A text says why it could not be. */
  readonly code: readonly ComparedCode[] | string | null;
  readonly means: readonly SystemMeans[] | null;
}

/** The sections of the page from top to bottom. */
export function sectionsOf(
  view: CompareView,
  readings: Readings,
  value: MetricValue,
  now: number,
): readonly Section[] {
  const { runs } = view;
  return [
    runSection(view, now),
    differing(
      { id: 'params', title: t('Params'), note: differNote },
      textRows(
        'params',
        runs.map(({ run }) => new Map(run.params)),
      ),
      { none: t('No params: none of these runs logged one.'), equal: t('All params are equal.') },
    ),
    metricsSection(view, value),
    codeSection(view, readings.code),
    dataSection(view),
    environmentSection(view),
    systemSection(view, readings.means),
    differing(
      { id: 'tags', title: t('Tags'), note: differNote },
      textRows(
        'tags',
        runs.map(({ run }) => new Map(run.tags.filter(([name]) => !/^(mlflow|winnow)\./.test(name)))),
      ),
      { none: t('No tags.'), equal: t('All tags are equal.') },
    ),
  ];
}

function differNote(count: number, of: number): string {
  if (count === 0) return t('all {0} are equal', formatCount(of));
  return count === 1
    ? t('1 of {0} differs', formatCount(of))
    : t('{0} of {1} differ', formatCount(count), formatCount(of));
}
