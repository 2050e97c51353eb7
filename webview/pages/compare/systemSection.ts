import type { CompareView, SystemMeans } from '../../../src/api/comparePage';
import { formatNumber } from '../../../src/model/format';
import { t } from '../../ui/l10n';
import { MetricTable, systemMetrics, systemTitle } from '../run/metrics';
import { type CompareCell, MISSING } from './cells';
import { differenceText } from './differenceText';
import type { Section, ValueRow } from './rows';

/** What the runs used of the machine: peaks of what adds up, means of shares. */
export function systemSection({ runs }: CompareView, means: readonly SystemMeans[] | null): Section {
  const tables = runs.map(({ run }) => new MetricTable(run.metrics));
  const meanOf = new Map(
    (means ?? []).map(({ runId, names, means: values }) => [
      runId,
      new Map(names.map((name, index) => [name, values[index] ?? NaN])),
    ]),
  );
  const isRough = (means ?? []).some((one) => one.isRough);
  const names = [...new Set(runs.flatMap(({ run }) => systemMetrics(run)))];
  const rows = names.flatMap((name): ValueRow[] => {
    const { title, unit } = systemTitle(name);
    const row = (facet: string, values: readonly (number | null)[]): ValueRow => ({
      kind: 'value',
      key: `system ${name} ${facet}`,
      section: 'system',
      name: title,
      facet,
      isGoal: false,
      differs: true,
      cells: () => amountCells(values, unit),
    });
    const peak = row(
      t('peak'),
      tables.map((table) => table.get(name)?.max ?? null),
    );
    const known = runs.map(({ run }) => meanOf.get(run.runId)?.get(name) ?? null);
    const mean = row(isRough ? t('mean, roughly') : t('mean'), known);
    return known.some((value) => value !== null) ? [mean, peak] : [peak];
  });
  return {
    id: 'system',
    title: t('System'),
    note: means === null && names.length > 0 ? t('means are being read') : '',
    rows,
    brief: rows.filter(({ key, facet }) => facet !== t('peak') || /memory|energy|written/.test(key)),
    nothing: t('Nothing was measured of the processes of these runs.'),
  };
}

function amountCells(values: readonly (number | null)[], unit: string): readonly CompareCell[] {
  const base = values[0] ?? null;
  const texts = amountTexts(values);
  return values.map((value, index): CompareCell => {
    if (value === null || Number.isNaN(value)) return { ...MISSING, isNumber: true };
    const text = texts[index] ?? '';
    const cell = { text: `${text} ${unit}`.trim(), value: String(value), isNumber: true };
    if (index === 0) return { ...cell, standing: 'base' };
    if (value === base) return { ...cell, text: '=', standing: 'equal' };
    if (base === null || !Number.isFinite(value - base)) return { ...cell, standing: 'differs' };
    // What reads the same differs by less than a sample a second can tell.
    if (text === texts[0]) return { ...cell, standing: 'differs' };
    return { ...cell, standing: 'differs', note: differenceText(value - base, 'unknown', text), tone: 'dim' };
  });
}

/** Three digits, as many as a sample a second can tell, with one number of decimals. */
function amountTexts(values: readonly (number | null)[]): readonly string[] {
  const rounded = values.map((value) => (value === null ? NaN : Number(value.toPrecision(3))));
  const decimals = rounded
    .filter(Number.isFinite)
    .map((value) => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0);
  const most = Math.min(3, Math.max(0, ...decimals));
  return rounded.map((value) =>
    Number.isFinite(value) && Math.abs(value) < 1e6
      ? value.toFixed(most).replace('-', '−')
      : formatNumber(value),
  );
}
