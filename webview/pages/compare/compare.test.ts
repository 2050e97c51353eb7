import { describe, expect, it } from 'vitest';
import type { CompareView, ComparedRun } from '../../../src/api/comparePage';
import type { ExperimentId, MetricSummary, RunId } from '../../../src/model/run';
import { asCsv, asMarkdown } from './asText';
import { differs, textCells } from './cells';
import { codeSection } from './codeSection';
import { dataSection } from './dataSection';
import { environmentSection } from './environmentSection';
import { readCompareMemory } from './memory';
import { metricCells } from './metricsSection';
import { rowsOf } from './rows';
import { runSection } from './runSection';
import { sectionsOf } from './sections';
import { systemSection } from './systemSection';
import { wordDifference } from './wordDifference';

const GOAL = { metric: 'acc', direction: 'maximize', target: null } as const;
const NOISE = { spread: 0.004, runCount: 6, threshold: 0.01 };

function summary(last: number, more: Partial<MetricSummary> = {}): MetricSummary {
  return {
    last,
    lastStep: 9,
    min: last,
    minStep: 9,
    max: last,
    maxStep: 9,
    first: last,
    firstStep: 0,
    count: 10,
    ...more,
  };
}

function compared(
  name: string,
  params: Readonly<Record<string, string>> = {},
  metrics: Readonly<Record<string, number>> = {},
  more: Partial<ComparedRun> = {},
): ComparedRun {
  const values = Float64Array.from(Object.values(metrics));
  const zeros = new Float64Array(values.length);
  return {
    isChampion: false,
    isBest: false,
    environment: null,
    inputs: null,
    ...more,
    run: {
      runId: name.padStart(32, '0') as RunId,
      experimentId: '1' as ExperimentId,
      experiment: 'digits',
      name,
      state: 'finished',
      reason: null,
      createdAt: 0,
      startedAt: 0,
      endedAt: 45_000,
      exitCode: 0,
      signal: null,
      hasRunner: true,
      deleted: false,
      slot: null,
      params: Object.entries(params),
      tags: [],
      metrics: {
        names: Object.keys(metrics),
        last: values,
        lastStep: zeros,
        min: values,
        minStep: zeros,
        max: values,
        maxStep: zeros,
        first: values,
        firstStep: zeros,
        count: zeros,
      },
      command: null,
      snapshot: null,
      hasOutput: false,
    },
  };
}

function viewOf(...runs: ComparedRun[]): CompareView {
  return { folder: '/f', runs, goal: GOAL, noise: [['acc', NOISE]], goneCount: 0, problem: null };
}

const texts = (cells: readonly { readonly text: string }[]) => cells.map(({ text }) => text);

describe('a row of texts', () => {
  it('writes = for what is equal to the base, also when it is written otherwise, and – for what is missing', () => {
    expect(texts(textCells(['0.001', '1e-3', '0.003', null]))).toEqual(['0.001', '=', '0.003', '–']);
    expect(texts(textCells([null, null, 'x']))).toEqual(['–', '–', 'x']);
  });

  it('says that a text is empty', () => {
    expect(texts(textCells(['', 'a']))).toEqual(['empty', 'a']);
  });

  it('differs when a run lacks what the base has', () => {
    expect(differs(['1', '1.0'])).toBe(false);
    expect(differs(['1', null])).toBe(true);
    expect(differs([null, null])).toBe(false);
  });
});

describe('a metric', () => {
  const cells = (...values: (number | null)[]) =>
    metricCells(
      'acc',
      values.map((value) => (value === null ? null : summary(value))),
      'best',
      GOAL,
      NOISE,
    );

  it('is ahead or behind beyond the noise only, and ≈ within it', () => {
    const [, ahead, behind, within, equal] = cells(0.95, 0.99, 0.93, 0.955, 0.95);
    expect(ahead).toMatchObject({ text: '0.9900', note: '+0.0400 ↑ ahead', tone: 'passed' });
    expect(behind).toMatchObject({ note: '−0.0200 ↓ behind', tone: 'failed' });
    expect(within).toMatchObject({ note: '+0.0050 ≈', tone: 'dim' });
    expect(equal).toMatchObject({ text: '=' });
  });

  it('has a sign and no colour without seeds that tell the noise', () => {
    const [, other] = metricCells('acc', [summary(0.9), summary(0.95)], 'best', GOAL, null);
    expect(other?.note).toBe('+0.0500 ↑');
    expect(other?.tone).toBeUndefined();
  });

  it('is – where a run has not logged it, and stands alone where the base has not', () => {
    expect(texts(cells(0.9, null))).toEqual(['0.9000', '–']);
    expect(cells(null, 0.9)[1]).toMatchObject({ text: '0.9000', standing: 'differs' });
    expect(cells(null, 0.9)[1]?.note).toBeUndefined();
  });

  it('compares the last values when these are asked for', () => {
    const own = summary(0.9, { max: 0.99 });
    const other = summary(0.8, { max: 0.999 });
    const [base, run] = metricCells('acc', [own, other], 'last', GOAL, null);
    expect(base?.text).toBe('0.9000');
    expect(run).toMatchObject({ text: '0.8000', note: '−0.1000 ↓' });
  });

  it('writes NaN and the infinities', () => {
    expect(texts(cells(NaN, Infinity, -Infinity))).toEqual(['NaN', '∞', '−∞']);
  });
});

describe('the rows', () => {
  const view = viewOf(
    compared('a', { lr: '0.1', epochs: '3' }, { acc: 0.9 }),
    compared('b', { lr: '0.2', epochs: '3' }, { acc: 0.95 }),
  );
  const sections = sectionsOf(view, { code: null, means: null }, 'best', 60_000);
  const names = (showing: Partial<Parameters<typeof rowsOf>[1]>) =>
    rowsOf(sections, { folded: [], all: [], filter: '', ...showing }).map((row) =>
      row.kind === 'head' ? `# ${row.section.title}` : row.kind === 'value' ? row.name : row.text,
    );

  it('show only the params that differ until all are asked for', () => {
    expect(names({})).not.toContain('epochs');
    expect(names({ all: ['params'] })).toContain('epochs');
  });

  it('fold, and are found folded or equal by the filter', () => {
    expect(names({ folded: ['params'] })).not.toContain('lr');
    expect(names({ folded: ['params'], filter: 'EPO' })).toEqual(['# Params', 'epochs']);
  });

  it('say so when a section has nothing', () => {
    expect(names({})).toContain('No dataset is known of these runs.');
    expect(names({})).toContain('The code of these runs was not kept: Winnow did not start them.');
  });

  it('tell the duration and how long a run has been running', () => {
    const duration = (one: ComparedRun) =>
      runSection(viewOf(one), 90_000)
        .rows.find(({ name }) => name === 'Duration')
        ?.cells()[0]?.text;
    const run = compared('a');
    expect(duration(run)).toBe('45 s');
    expect(duration({ ...run, run: { ...run.run, state: 'running', endedAt: null } })).toBe(
      '1 min 30 s so far',
    );
  });

  it('become Markdown that stays text, and CSV with whole values', () => {
    const hostile = viewOf(compared('a|b', { x: '<b>1</b>\n2' }), compared('c', { x: 'q"uote, y' }));
    const rows = rowsOf(sectionsOf(hostile, { code: null, means: null }, 'best', 0), {
      folded: [],
      all: [],
      filter: 'x',
    });
    expect(asMarkdown(hostile, rows)).toContain('| x | \\<b\\>1\\</b\\> 2 | q"uote, y |');
    expect(asMarkdown(hostile, rows)).toContain('|  | a\\|b (base) | c |');
    expect(asCsv(hostile, rows)).toBe('section,name,a|b,c\r\nparams,x,"<b>1</b>\n2","q""uote, y"\r\n');
  });
});

describe('data', () => {
  const inputs = (...sets: [string, string][]) => ({
    datasets: sets.map(([name, digest]) => ({
      name,
      digest,
      context: null,
      sourceType: null,
      source: null,
      rowCount: null,
      problem: null,
    })),
    models: [],
    versions: [],
  });

  it('is the same, changed, or only in one of the runs', () => {
    const section = dataSection(
      viewOf(
        compared('a', {}, {}, { inputs: inputs(['train', 'd1'], ['test', 't1'], ['old', 'o']) }),
        compared('b', {}, {}, { inputs: inputs(['train', 'd1'], ['test', 't2'], ['new', 'n']) }),
      ),
    );
    const shown = Object.fromEntries(
      section.rows.map((row) => [
        row.name,
        row.cells().map(({ text, note }) => `${text} ${note ?? ''}`.trim()),
      ]),
    );
    expect(shown).toEqual({
      train: ['d1', '='],
      test: ['t1', 't2 changed'],
      old: ['o', '– not read'],
      new: ['–', 'n only here'],
    });
    expect(section.note).toBe('3 datasets differ');
  });
});

describe('the environment', () => {
  const environment = (version: string, ...packages: string[]): ComparedRun['environment'] => ({
    python: { version, interpreter: '/p', lockedBy: 'pip freeze', packages },
    host: { name: 'h', system: 's', cpuCount: 2, memoryBytes: 1, gpus: [] },
    seeds: {},
  });

  it('shows the packages that differ and counts them', () => {
    const section = environmentSection(
      viewOf(
        compared('a', {}, {}, { environment: environment('3.12', 'numpy==1.0', 'x==1') }),
        compared('b', {}, {}, { environment: environment('3.12', 'NumPy==2.0', 'x==1') }),
      ),
    );
    expect(section.brief.map(({ name }) => name)).toEqual(['numpy']);
    expect(section.note).toBe('1 package differs');
    expect(section.rows.length).toBeGreaterThan(5);
  });
});

describe('code', () => {
  it('has a file a row, – for a base that lacks it, and says when code was not kept', () => {
    const snapshot = { commit: 'c', baseCommit: null, branch: null, leftOutCount: 0 };
    const withCode = (name: string): ComparedRun => {
      const one = compared(name);
      return { ...one, run: { ...one.run, snapshot } };
    };
    const [a, b, c] = [withCode('a'), withCode('b'), compared('c')];
    const section = codeSection(viewOf(a, b, c), [
      {
        runId: b.run.runId,
        problem: null,
        files: [
          { path: 'new.py', change: 'added', addedLines: 3, deletedLines: 0 },
          { path: 'train.py', change: 'modified', addedLines: 2, deletedLines: 1 },
        ],
      },
      { runId: c.run.runId, problem: null, files: null },
    ]);
    expect(section.brief.map((row) => [row.name, ...texts(row.cells())])).toEqual([
      ['new.py', '–', '+3', '–'],
      ['train.py', 'open', '+2 −1', '–'],
    ]);
    expect(section.note).toBe('2 files differ');
  });
});

describe('what the machine was used for', () => {
  it('is a peak of what adds up, and a mean of shares once it is read', () => {
    const view = viewOf(
      compared('a', {}, { 'system/memory_usage_megabytes': 214, 'system/cpu_utilization_percentage': 99 }),
      compared('b', {}, { 'system/memory_usage_megabytes': 300, 'system/cpu_utilization_percentage': 98 }),
    );
    const means = view.runs.map(({ run }, index) => ({
      runId: run.runId,
      names: ['system/cpu_utilization_percentage'],
      means: Float64Array.of(90 + index),
      isRough: false,
    }));
    const shown = systemSection(view, means).brief.map((row) => [
      row.name,
      row.facet,
      ...row.cells().map(({ text, note }) => `${text} ${note ?? ''}`.trim()),
    ]);
    expect(shown).toEqual([
      ['CPU utilization', 'mean', '90 %', '91 % +1 ↑'],
      ['Memory usage', 'peak', '214 MB', '300 MB +86 ↑'],
    ]);
  });
});

describe('the words of a long value', () => {
  it('are marked where they are not in the base', () => {
    expect(wordDifference('Linear(16, 16), ReLU()', 'Linear(64, 16), ReLU()')).toEqual([
      { text: 'Linear(', isOther: false },
      { text: '64', isOther: true },
      { text: ', 16), ReLU()', isOther: false },
    ]);
  });

  it('are left alone when nothing is alike, when they are few, or too many', () => {
    expect(wordDifference('aaaa bbbb cccc dddd eeee', 'ffff_gggg_hhhh_iiii_jjjj')).toBeNull();
    expect(wordDifference('adam', 'sgd')).toBeNull();
    expect(wordDifference('x '.repeat(4_000), 'y '.repeat(4_000))).toBeNull();
  });
});

it('reads what an earlier version remembered with care', () => {
  expect(
    readCompareMemory({ runIds: ['a', 3], folded: 'no', value: 'last', scrollTop: '9', wrap: 1 }),
  ).toEqual({
    folder: '',
    runIds: ['a'],
    folded: [],
    all: [],
    filter: '',
    value: 'last',
    wrap: false,
    scrollTop: 0,
  });
  expect(readCompareMemory(null).value).toBe('best');
});
