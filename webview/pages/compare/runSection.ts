import type { CompareView, ComparedRun } from '../../../src/api/comparePage';
import { formatDuration } from '../../../src/model/format';
import { TAGS } from '../../../src/model/run';
import { t } from '../../ui/l10n';
import { stateWord } from '../../ui/stateWord';
import { STATE_ICONS, costText, endText, whenText } from '../run/words';
import { type CompareCell, MISSING } from './cells';
import type { Section, ValueRow } from './rows';
import { textRow } from './textRows';

/** How the runs went: state, times, cost, what they were started with. */
export function runSection(view: CompareView, now: number): Section {
  const { runs } = view;
  const texts = (read: (run: ComparedRun) => string | null) => runs.map(read);
  const several = new Set(runs.map(({ run }) => run.experimentId)).size > 1;
  const rows: readonly ValueRow[] = [
    stateRow(runs),
    ...(several
      ? [
          textRow(
            'run',
            t('Experiment'),
            texts(({ run }) => run.experiment),
          ),
        ]
      : []),
    factRow(
      t('Started'),
      texts(({ run }) => whenText(run.startedAt ?? run.createdAt, now)),
    ),
    factRow(
      t('Duration'),
      texts((one) => durationOf(one, now)),
    ),
    ...optional(
      t('How it ended'),
      texts(({ run }) => endText(run)),
    ),
    ...optional(
      t('Reason'),
      texts(({ run }) => run.reason),
    ),
    ...optional(
      t('Cost'),
      texts(({ run }) => costText(new Map(run.tags))),
    ),
    ...optional(
      t('User'),
      texts((one) => tagOf(one, TAGS.user)),
    ),
    ...optional(
      t('Command'),
      texts(({ run }) => run.command),
    ),
    ...optional(
      t('Note'),
      texts((one) => tagOf(one, TAGS.note)),
    ),
  ];
  return { id: 'run', title: t('Run'), note: '', rows, brief: rows, nothing: '' };
}

/** A row that is there only when a run has something in it. */
function optional(name: string, values: readonly (string | null)[]): readonly ValueRow[] {
  return values.every((value) => value === null) ? [] : [textRow('run', name, values)];
}

/** Facts that nobody expects to be equal are all written out. */
function factRow(name: string, values: readonly (string | null)[]): ValueRow {
  const cells = values.map((value, index): CompareCell =>
    value === null
      ? MISSING
      : { text: value, value, standing: index === 0 ? 'base' : 'differs', isNumber: false },
  );
  return { ...textRow('run', name, values), cells: () => cells };
}

function stateRow(runs: readonly ComparedRun[]): ValueRow {
  const cells = runs.map(({ run }, index): CompareCell => {
    const word = stateWord(run.state);
    return {
      text: word,
      value: word,
      standing: index === 0 ? 'base' : 'differs',
      isNumber: false,
      icon: STATE_ICONS[run.state],
      ...(run.state === 'failed' ? { tone: 'failed' as const } : {}),
      ...(run.state === 'finished' ? { tone: 'passed' as const } : {}),
    };
  });
  return {
    ...textRow(
      'run',
      t('State'),
      cells.map(({ value }) => value),
    ),
    cells: () => cells,
  };
}

function durationOf({ run }: ComparedRun, now: number): string | null {
  if (run.startedAt === null) return null;
  if (run.endedAt !== null) return formatDuration(run.endedAt - run.startedAt);
  return run.state === 'running' ? t('{0} so far', formatDuration(now - run.startedAt)) : null;
}

function tagOf({ run }: ComparedRun, name: string): string | null {
  const value = run.tags.find(([tag]) => tag === name)?.[1];
  return value === undefined || value.trim() === '' ? null : value;
}
