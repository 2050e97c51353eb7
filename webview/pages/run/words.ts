import type { PageRun } from '../../../src/api/runPage';
import { formatDuration, formatNumber } from '../../../src/model/format';
import { TAGS, isOver } from '../../../src/model/run';
import { t } from '../../ui/l10n';

export const STATE_ICONS: Readonly<Record<PageRun['state'], string>> = {
  queued: 'history',
  running: 'play-circle',
  finished: 'pass',
  failed: 'error',
  stopped: 'stop-circle',
  pruned: 'circle-slash',
  lost: 'question',
};

/** `Today 09:41`, `Nov 17 09:41`, `Nov 17, 2024 09:41`. */
export function whenText(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === today.toDateString()) return t('Today {0}', time);
  const sameYear = date.getFullYear() === today.getFullYear();
  const day = date.toLocaleDateString('en-US', {
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
  return `${day} ${time}`;
}

/** How the run ended, shortly: `exit 1`, `SIGKILL`; null while it lives, or when nobody knows. */
export function endText(run: PageRun): string | null {
  if (!isOver(run.state)) return null;
  if (run.signal !== null) return run.signal;
  return run.exitCode === null ? null : t('exit {0}', run.exitCode);
}

/** When it started and how long it took, in parts. */
export function timeTexts(run: PageRun, now: number): readonly string[] {
  if (run.startedAt === null) return [t('made {0}', whenText(run.createdAt, now))];
  const took = (run.endedAt ?? (run.state === 'running' ? now : run.startedAt)) - run.startedAt;
  const isKnown = run.endedAt !== null || run.state === 'running';
  return [
    whenText(run.startedAt, now),
    ...(isKnown
      ? [run.state === 'running' ? t('{0} so far', formatDuration(took)) : formatDuration(took)]
      : []),
  ];
}

/** `0.02 EUR, 0.3 Wh`, from the tags that say it; null when none does. */
export function costText(tags: ReadonlyMap<string, string>): string | null {
  const cost = numberIn(tags.get(TAGS.cost));
  const energy = numberIn(tags.get(TAGS.energyWh));
  const currency = tags.get(TAGS.currency) ?? '';
  const parts = [
    ...(cost === null
      ? []
      : [`${cost < 0.01 && cost > 0 ? formatNumber(cost) : cost.toFixed(2)} ${currency}`.trim()]),
    ...(energy === null
      ? []
      : [
          `${tags.get(TAGS.energyHow) === 'estimate' ? '≈ ' : ''}${String(Number(energy.toPrecision(2)))} Wh`,
        ]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

function numberIn(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** `1st`, `2nd`, `3rd`, `4th`. */
export function ordinal(place: number): string {
  const tens = place % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${ending}`;
}
