import { formatAge, formatDuration, formatNumber } from '../../model/format';
import { type Goal, bestOf } from '../../model/goal';
import { type Run, TAGS, isOver } from '../../model/run';
import { ordinal } from './queueText';

/** The part of vscode.l10n that is needed, so that sentences can be tested without an editor. */
export interface Translator {
  t(message: string, ...args: (string | number | boolean)[]): string;
}

/** How a run stands beside others, as a row needs it. */
export interface Standing {
  readonly goal: Goal | null;
  readonly isBest: boolean;
  readonly isOn: boolean;
  readonly isStarred?: boolean;
  readonly isChampion?: boolean;
  readonly isArchived?: boolean;
  /** Of a run that waits, from 1; absent or null when it is not known. */
  readonly place?: number | null;
}

/**
 * What stands behind a run's name in its row, the goal's value first: `0.9916 · 2 h · best`; of a running one
 * the last value and how far it is, `0.9777 · 18/30`.
 */
export function describeRun(
  run: Run,
  { goal, isBest, isArchived, place }: Standing,
  now: number,
  l10n: Translator,
): string {
  const parts: (string | null)[] = [];
  switch (run.state) {
    case 'queued':
      parts.push(
        place === undefined || place === null ? l10n.t('waits') : l10n.t('waits, {0}', ordinal(place, l10n)),
        run.reason,
      );
      break;
    case 'running':
      parts.push(valueOf(run, goal, 'last'), progressText(run, goal, l10n) ?? runningFor(run, now, l10n));
      break;
    case 'finished':
      parts.push(valueOf(run, goal, 'best'), ageOf(run, now));
      break;
    case 'failed':
      parts.push(failureOf(run, goal, l10n), ageOf(run, now));
      break;
    case 'stopped':
      parts.push(valueOf(run, goal, 'best'), l10n.t('stopped'), ageOf(run, now));
      break;
    case 'pruned':
      parts.push(valueOf(run, goal, 'best'), l10n.t('pruned'), ageOf(run, now));
      break;
    case 'lost':
      parts.push(valueOf(run, goal, 'best'), l10n.t('lost'), ageOf(run, now));
      break;
  }
  if (isBest) parts.push(l10n.t('best'));
  if (isArchived === true) parts.push(l10n.t('archived'));
  if (run.childCount > 0) {
    parts.push(run.childCount === 1 ? l10n.t('1 child run') : l10n.t('{0} child runs', run.childCount));
  }
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

/** What a screen reader says: `brisk-otter, finished, val_accuracy 0.9916, best, on in charts`. */
export function speakRun(run: Run, standing: Standing, l10n: Translator): string {
  const { goal, isBest, isOn } = standing;
  const value = valueOf(run, goal, isOver(run.state) ? 'best' : 'last');
  return [
    run.name,
    stateWord(run, l10n),
    goal === null || value === null ? null : `${goal.metric} ${value}`,
    isOver(run.state) ? null : progressText(run, goal, l10n),
    isBest ? l10n.t('best') : null,
    standing.isChampion === true ? l10n.t('champion') : null,
    standing.isStarred === true ? l10n.t('starred') : null,
    standing.isArchived === true ? l10n.t('archived') : null,
    isOn ? l10n.t('on in charts') : l10n.t('off in charts'),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** A run's state as a sentence, with the reason when the state alone does not explain itself. */
export function stateSentence(run: Run, now: number, l10n: Translator): string {
  const took = run.startedAt === null ? null : formatDuration((run.endedAt ?? now) - run.startedAt);
  const ago = formatAge(run.endedAt ?? run.startedAt ?? run.createdAt, now);
  const when = ago === 'now' ? l10n.t('just now') : /\d$/.test(ago) ? ago : l10n.t('{0} ago', ago);
  const sentence = endSentence(run, when, took, l10n);
  return run.reason === null ? sentence : `${sentence} ${run.reason}`;
}

function endSentence(run: Run, when: string, took: string | null, l10n: Translator): string {
  switch (run.state) {
    case 'queued':
      return l10n.t('Waits to be started.');
    case 'running':
      return took === null ? l10n.t('Running.') : l10n.t('Running for {0}.', took);
    case 'finished':
      return took === null ? l10n.t('Finished {0}.', when) : l10n.t('Finished {0}, after {1}.', when, took);
    case 'failed':
      if (run.signal !== null) return l10n.t('Failed {0}: ended by {1}.', when, run.signal);
      return run.exitCode === null
        ? l10n.t('Failed {0}.', when)
        : l10n.t('Failed {0} with exit code {1}.', when, run.exitCode);
    case 'stopped':
      return took === null ? l10n.t('Stopped {0}.', when) : l10n.t('Stopped {0}, after {1}.', when, took);
    case 'pruned':
      return l10n.t('Ended early {0}: a search found it hopeless.', when);
    case 'lost':
      return l10n.t('Lost {0}: its process is gone and nobody saw how it ended.', when);
  }
}

/** A state in one word, for lists and screen readers. */
export function stateWord(run: Run, l10n: Translator): string {
  return stateName(run.state, l10n);
}

/** A state in one word. */
export function stateName(state: Run['state'], l10n: Translator): string {
  switch (state) {
    case 'queued':
      return l10n.t('queued');
    case 'running':
      return l10n.t('running');
    case 'finished':
      return l10n.t('finished');
    case 'failed':
      return l10n.t('failed');
    case 'stopped':
      return l10n.t('stopped');
    case 'pruned':
      return l10n.t('pruned');
    case 'lost':
      return l10n.t('lost');
  }
}

/** The params that commonly hold how many steps a training has. */
const EPOCH_PARAMS = [
  'epochs',
  'num_epochs',
  'n_epochs',
  'max_epochs',
  'num_train_epochs',
  'max_steps',
  'steps',
];

/** How far a run is, in the steps of the goal's metric: of `total` when a param tells it. Null before the first. */
export function progressOf(run: Run, goal: Goal | null): { done: number; total: number | null } | null {
  const summary = goal === null ? undefined : run.metrics[goal.metric];
  if (summary === undefined || summary.lastStep < 0) return null;
  // Scripts count from 0 or from 1; the first step tells which.
  const done = summary.firstStep === 0 ? summary.lastStep + 1 : summary.lastStep;
  for (const name of EPOCH_PARAMS) {
    const total = Number(run.params[name] ?? run.params[name.replaceAll('_', '-')]);
    if (Number.isInteger(total) && total >= done && total > 0) return { done, total };
  }
  return { done, total: null };
}

/** `cell 3/12` of a notebook; else `18/30`, or `step 18` when nobody says how many there will be; null before the first. */
export function progressText(run: Run, goal: Goal | null, l10n: Translator): string | null {
  const cells = run.tags[TAGS.cells];
  if (cells !== undefined && /^\d+\/\d+$/.test(cells)) return l10n.t('cell {0}', cells);
  const progress = progressOf(run, goal);
  if (progress === null) return null;
  return progress.total === null ? l10n.t('step {0}', progress.done) : `${progress.done}/${progress.total}`;
}

/** The goal's value of a run: its best, or its last; null when it has none. */
export function valueOf(run: Run, goal: Goal | null, which: 'best' | 'last'): string | null {
  const summary = goal === null ? undefined : run.metrics[goal.metric];
  if (goal === null || summary === undefined) return null;
  const best = which === 'best' ? bestOf(summary, goal.direction).value : summary.last;
  // A metric that never had a number is shown as what it is.
  const value = Number.isNaN(best) ? summary.last : best;
  return Number.isInteger(value) && Math.abs(value) < 10 ? value.toFixed(4) : formatNumber(value);
}

function failureOf(run: Run, goal: Goal | null, l10n: Translator): string {
  const how =
    run.signal !== null
      ? run.signal
      : run.exitCode === null
        ? l10n.t('failed')
        : l10n.t('exit {0}', run.exitCode);
  const progress = progressOf(run, goal);
  if (progress === null) return how;
  return progress.total === null
    ? l10n.t('{0} at step {1}', how, progress.done)
    : l10n.t('{0} at {1}', how, `${progress.done}/${progress.total}`);
}

function runningFor(run: Run, now: number, l10n: Translator): string {
  const age = formatAge(run.startedAt ?? run.createdAt, now);
  return age === 'now' ? l10n.t('running') : l10n.t('running {0}', age);
}

function ageOf(run: Run, now: number): string {
  return formatAge(run.endedAt ?? run.startedAt ?? run.createdAt, now);
}
