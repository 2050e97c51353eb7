import { formatAgo, formatDuration, formatNumber } from '../../src/model/format';
import { isOver } from '../../src/model/run';
import type { Cell, TableRun } from '../../src/model/table';
import { t } from '../ui/l10n';
import { stateWord } from '../ui/stateWord';
import type { ColumnNumbers } from './columnNumbers';
import type { ShownColumn } from './columns';

/** The number that a cell stands for; null for none. The texts of NaN and the infinities are read. */
export function cellNumber(cell: Cell): number | null {
  if (typeof cell === 'number') return cell;
  if (cell === null || cell.trim() === '') return null;
  const value = Number(cell);
  return Number.isNaN(value) && cell !== 'NaN' ? null : value;
}

/** What stands in a cell. A value that is missing is –. */
export function cellText(
  shown: ShownColumn,
  cell: Cell,
  run: Pick<TableRun, 'state' | 'startedAt'>,
  numbers: ColumnNumbers | undefined,
  now: number,
): string {
  const { column } = shown;
  if (column.kind === 'attribute') return attributeText(column.name, cell, run, now);
  if (cell === null) return '–';
  if (column.kind !== 'metric') return String(cell).replace(/^-(?=[\d.])/, '−');
  const value = cellNumber(cell);
  if (value === null) return '–';
  if (column.of === 'count' || column.of === 'lastStep') return formatNumber(value);
  return numbers?.format(value) ?? formatNumber(value);
}

/** Why a run has no value of the goal, in place of it; null when it needs no words. */
export function sentenceOf(run: TableRun, cell: Cell): string | null {
  switch (run.state) {
    case 'queued':
      return run.reason ?? t('waits for a slot');
    case 'failed':
      return run.reason ?? (run.exitCode === null ? t('failed') : t('exit {0}', run.exitCode));
    case 'lost':
      return cell === null ? (run.reason ?? t('lost, process gone')) : null;
    case 'stopped':
    case 'pruned':
      return cell === null ? (run.reason ?? stateWord(run.state)) : null;
    case 'running':
    case 'finished':
      return null;
  }
}

function attributeText(
  name: string,
  cell: Cell,
  run: Pick<TableRun, 'state' | 'startedAt'>,
  now: number,
): string {
  const number = cellNumber(cell);
  switch (name) {
    case 'state':
      return stateWord(run.state);
    case 'started':
      if (run.state === 'running') return t('live');
      return number === null ? '–' : formatAgo(number, now);
    case 'ended':
      return number === null ? '–' : formatAgo(number, now);
    case 'duration':
      if (!isOver(run.state) && run.startedAt !== null) return formatDuration(now - run.startedAt);
      return number === null ? '–' : formatDuration(number);
    case 'cost':
      return number === null ? '–' : number.toFixed(2);
    case 'energy':
      return number === null ? '–' : `${formatNumber(number)} Wh`;
    case 'commit':
      return cell === null ? '–' : String(cell).slice(0, 8);
    case 'note':
      return cell === null ? '–' : (String(cell).trim().split('\n')[0] ?? '');
    default:
      return cell === null || cell === '' ? '–' : String(cell);
  }
}
