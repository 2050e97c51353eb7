import { describe, expect, test } from 'vitest';
import type { Goal } from '../../model/goal';
import type { ExperimentId, MetricSummary, Run, RunId } from '../../model/run';
import { type Translator, describeRun, speakRun, stateSentence } from './runText';

const NOW = 1_000_000_000_000;
const HOUR = 3_600_000;
const goal: Goal = { metric: 'val_accuracy', direction: 'maximize', target: null };
const l10n: Translator = {
  t: (message, ...args) => message.replaceAll(/\{(\d)\}/g, (_, index) => String(args[Number(index)])),
};

const metric = (more: Partial<MetricSummary>): MetricSummary => ({
  last: 0.9777,
  lastStep: 18,
  min: 0.5,
  minStep: 1,
  max: 0.9916,
  maxStep: 12,
  first: 0.5,
  firstStep: 1,
  count: 18,
  ...more,
});

const make = (more: Partial<Run>): Run => ({
  runId: '0'.repeat(32) as RunId,
  experimentId: '1' as ExperimentId,
  experiment: 'digits',
  name: 'brisk-otter',
  state: 'finished',
  createdAt: NOW - 3 * HOUR,
  startedAt: NOW - 2 * HOUR - 45_000,
  endedAt: NOW - 2 * HOUR,
  exitCode: 0,
  signal: null,
  reason: null,
  parentRunId: null,
  childCount: 0,
  hasRunner: true,
  deleted: false,
  params: { epochs: '30' },
  metrics: { val_accuracy: metric({}) },
  tags: {},
  ...more,
});

const running: Partial<Run> = { state: 'running', startedAt: NOW - 27_000, endedAt: null, exitCode: null };

describe('the row of a run', () => {
  test.each<[string, Partial<Run>, string]>([
    ['that finished shows its best value', {}, '0.9916 · 2 h'],
    ['that waits says so', { state: 'queued', endedAt: null, metrics: {} }, 'waits'],
    ['that runs shows its last value and how far it is', running, '0.9777 · 18/30'],
    [
      'that counts its epochs from 0 is one further',
      { ...running, metrics: { val_accuracy: metric({ firstStep: 0 }) } },
      '0.9777 · 19/30',
    ],
    ['that does not say how long it takes shows its step', { ...running, params: {} }, '0.9777 · step 18'],
    ['that has no metric yet says that it runs', { ...running, metrics: {} }, 'running'],
    [
      'that failed says how and when',
      { state: 'failed', exitCode: 1, metrics: { val_accuracy: metric({ lastStep: 7 }) } },
      'exit 1 at 7/30 · 2 h',
    ],
    [
      'that was killed names the signal',
      { state: 'failed', exitCode: null, signal: 'SIGKILL', metrics: {} },
      'SIGKILL · 2 h',
    ],
    ['that a person stopped says so', { state: 'stopped' }, '0.9916 · stopped · 2 h'],
    [
      'whose metric is NaN from the start says NaN',
      { metrics: { val_accuracy: metric({ last: NaN, min: NaN, max: NaN }) } },
      'NaN · 2 h',
    ],
    [
      'that reached a whole number keeps its decimals',
      { metrics: { val_accuracy: metric({ max: 1 }) } },
      '1.0000 · 2 h',
    ],
    ['with child runs counts them', { childCount: 3 }, '0.9916 · 2 h · 3 child runs'],
  ])('%s', (_what, more, text) => {
    expect(describeRun(make(more), { goal, isBest: false, isOn: false }, NOW, l10n)).toBe(text);
  });

  test('of the best run ends with the word', () => {
    expect(describeRun(make({}), { goal, isBest: true, isOn: true }, NOW, l10n)).toBe('0.9916 · 2 h · best');
  });

  test('takes the lowest value when less is better', () => {
    const loss: Goal = { metric: 'val_accuracy', direction: 'minimize', target: null };
    expect(describeRun(make({}), { goal: loss, isBest: false, isOn: false }, NOW, l10n)).toBe('0.5000 · 2 h');
  });

  test('says its state, its standing and its colour to a screen reader', () => {
    expect(speakRun(make({}), { goal, isBest: true, isOn: true }, l10n)).toBe(
      'brisk-otter, finished, val_accuracy 0.9916, best, on in charts',
    );
  });
});

describe('the state of a run as a sentence', () => {
  test.each<[Partial<Run>, string]>([
    [{}, 'Finished 2 h ago, after 45 s.'],
    [running, 'Running for 27 s.'],
    [{ state: 'failed', exitCode: 3 }, 'Failed 2 h ago with exit code 3.'],
    [{ state: 'stopped' }, 'Stopped 2 h ago, after 45 s.'],
    [
      { state: 'lost', reason: 'The machine was restarted.' },
      'Lost 2 h ago: its process is gone and nobody saw how it ended. The machine was restarted.',
    ],
  ])('%j', (more, sentence) => {
    expect(stateSentence(make(more), NOW, l10n)).toBe(sentence);
  });
});
