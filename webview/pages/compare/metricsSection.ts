import type { CompareView } from '../../../src/api/comparePage';
import { formatColumn, formatCount } from '../../../src/model/format';
import type { Noise } from '../../../src/model/noise';
import type { MetricSummary } from '../../../src/model/run';
import { type MetricComparison, compareMetric, orderMetrics } from '../../../src/model/runComparison';
import { t } from '../../ui/l10n';
import { MetricTable } from '../run/metrics';
import { type CompareCell, MISSING } from './cells';
import { differenceText, verdictSentence, verdictWord } from './differenceText';
import type { Section, ValueRow } from './rows';

/** Which value of a metric is shown and compared. */
export type MetricValue = 'best' | 'last';

const MOST_BRIEF = 30; // The goal and what goes with it; more come when asked for.

/** The metrics of the runs, the goal first; differences to the base, and whether seeds alone would explain them. */
export function metricsSection(view: CompareView, value: MetricValue): Section {
  const tables = view.runs.map(({ run }) => new MetricTable(run.metrics));
  const noise = new Map(view.noise);
  const names = orderMetrics(new Set(view.runs.flatMap(({ run }) => run.metrics.names)), view.goal);
  const rows = names.map((name): ValueRow => {
    const summaries = tables.map((table) => table.get(name));
    return {
      kind: 'value',
      key: `metrics ${name}`,
      section: 'metrics',
      name,
      facet: '',
      isGoal: view.goal?.metric === name,
      differs: true,
      cells: () => metricCells(name, summaries, value, view.goal, noise.get(name) ?? null),
    };
  });
  return {
    id: 'metrics',
    title: t('Metrics'),
    note: rows.length === 0 || view.runs.length < 2 ? '' : noiseNote(view),
    rows,
    brief: rows.slice(0, MOST_BRIEF),
    nothing: t('No metrics yet: none of these runs logged one.'),
  };
}

/** One metric over the runs. Its values have one number of decimals, as those of a column have. */
export function metricCells(
  name: string,
  summaries: readonly (MetricSummary | null)[],
  value: MetricValue,
  goal: CompareView['goal'],
  noise: Noise | null,
): readonly CompareCell[] {
  const base = summaries[0] ?? null;
  const compared = summaries.map((summary) =>
    summary === null ? null : comparison(name, summary, base, value, goal, noise),
  );
  const texts = formatColumn(
    compared.map((one) => one?.shown ?? null),
    noise?.spread ?? null,
  );
  return compared.map((one, index): CompareCell => {
    const summary = summaries[index];
    if (one === null || summary === null || summary === undefined) return { ...MISSING, isNumber: true };
    const { shown, step, verdict, difference } = one;
    const text = texts[index] ?? '';
    const cell = { value: String(shown), isNumber: true, title: titleOf(summary, step) };
    if (index === 0) return { ...cell, text, standing: 'base' };
    if (verdict === 'equal')
      return { ...cell, text: '=', standing: 'equal', noteWord: verdictSentence(verdict) };
    if (difference === null) return { ...cell, text, standing: 'differs' };
    const word = verdictWord(verdict);
    return {
      ...cell,
      text,
      standing: 'differs',
      note: `${differenceText(difference, verdict, text)}${word === '' ? '' : ` ${word}`}`,
      noteWord: verdictSentence(verdict),
      ...(verdict === 'better'
        ? { tone: 'passed' as const }
        : verdict === 'worse'
          ? { tone: 'failed' as const }
          : verdict === 'within'
            ? { tone: 'dim' as const }
            : {}),
    };
  });
}

interface Compared extends Pick<MetricComparison, 'difference' | 'verdict'> {
  readonly shown: number;
  readonly step: number;
}

function comparison(
  name: string,
  own: MetricSummary,
  base: MetricSummary | null,
  value: MetricValue,
  goal: CompareView['goal'],
  noise: Noise | null,
): Compared {
  if (value === 'best') {
    const { best, last, difference, verdict } = compareMetric(name, own, base, goal, noise);
    return { shown: best?.value ?? last, step: best?.step ?? own.lastStep, difference, verdict };
  }
  // The last values are compared as if a run had logged nothing before.
  const found = compareMetric(name, onlyLast(own), base === null ? null : onlyLast(base), goal, noise);
  return { shown: own.last, step: own.lastStep, difference: found.difference, verdict: found.verdict };
}

function onlyLast(summary: MetricSummary): MetricSummary {
  const { last, lastStep } = summary;
  return {
    ...summary,
    min: last,
    minStep: lastStep,
    max: last,
    maxStep: lastStep,
    first: last,
    firstStep: lastStep,
  };
}

function titleOf(summary: MetricSummary, step: number): string {
  const [last = '', min = '', max = ''] = formatColumn([summary.last, summary.min, summary.max]);
  return [
    t('at step {0}', formatCount(step)),
    t('last {0}, smallest {1}, largest {2}', last, min, max),
    summary.count === 1 ? t('1 point') : t('{0} points', formatCount(summary.count)),
  ].join('\n');
}

/** What the colours of the differences stand on. */
function noiseNote(view: CompareView): string {
  const counts = view.noise.map(([, noise]) => noise.runCount);
  return counts.length === 0
    ? t('several seeds of one configuration would tell which differences count')
    : t(
        'green and red: beyond the spread over seeds ({0} runs), ≈ within it',
        formatCount(Math.max(...counts)),
      );
}
