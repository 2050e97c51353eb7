import type { CompareView } from '../../../src/api/comparePage';
import type { UsedDataset } from '../../../src/api/runPageSchemas';
import { formatCount } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { type CompareCell, MISSING } from './cells';
import type { Section, ValueRow } from './rows';
import { differing } from './textRows';

/** The data that the runs read: the same, changed, or only in some of them. */
export function dataSection({ runs }: CompareView): Section {
  const columns = runs.map(({ inputs }) => new Map(inputs?.datasets.map((one) => [keyOf(one), one])));
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort();
  const rows = keys.map((key): ValueRow => {
    const datasets = columns.map((column) => column.get(key) ?? null);
    const first = datasets.find((dataset) => dataset !== null);
    const digest = datasets[0]?.digest;
    return {
      kind: 'value',
      key: `data ${key}`,
      section: 'data',
      name: first?.name ?? '',
      facet: first?.context ?? '',
      isGoal: false,
      differs: datasets.some((dataset) => dataset?.digest !== digest),
      cells: () => datasetCells(datasets),
    };
  });
  const section = differing(
    {
      id: 'data',
      title: t('Data'),
      note: (count) =>
        count === 0
          ? t('the same in all')
          : count === 1
            ? t('1 dataset differs')
            : t('{0} datasets differ', count),
    },
    rows,
    { none: t('No dataset is known of these runs.'), equal: '' },
  );
  // There are few of them, and that they are the same is worth seeing.
  return { ...section, brief: rows.length <= MOST_BRIEF ? rows : section.brief };
}

const MOST_BRIEF = 12;
const DIGEST = 7; // As much of a hash as tells two apart.

function keyOf({ name, context }: UsedDataset): string {
  return JSON.stringify([name, context]);
}

function datasetCells(datasets: readonly (UsedDataset | null)[]): readonly CompareCell[] {
  const base = datasets[0] ?? null;
  return datasets.map((dataset, index): CompareCell => {
    if (dataset === null) {
      return { ...MISSING, ...(base === null ? {} : { note: t('not read'), tone: 'removed' }) };
    }
    const { digest, rowCount, problem, source } = dataset;
    const text = [digest.slice(0, DIGEST), rowCount === null ? null : t('{0} rows', formatCount(rowCount))]
      .filter((part) => part !== null)
      .join(' · ');
    const cell = {
      text,
      value: digest,
      isNumber: false,
      title: [digest, source ?? '', problem ?? ''].join('\n').trim(),
    };
    if (index === 0) return { ...cell, standing: 'base' };
    if (base === null) return { ...cell, standing: 'differs', note: t('only here'), tone: 'added' };
    if (base.digest === digest)
      return { ...cell, text: '=', standing: 'equal', noteWord: t('the same data') };
    return { ...cell, standing: 'differs', note: t('changed'), tone: 'changed' };
  });
}
