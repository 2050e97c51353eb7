import type { QueueState } from '../../model/queue';
import type { Translator } from './runText';

/** What a run that waits is waiting for, as its row says it: `a slot`, `2 GPUs`, `those before it`. */
export function waitsFor(state: QueueState, index: number, l10n: Translator): string {
  const { paused, slots, slotsInUse, gpus, gpusInUse, waiting } = state;
  const gpuCount = waiting[index]?.gpuCount ?? 0;
  if (gpuCount > gpus.length) {
    return l10n.t('asks for {0} GPUs, there are {1}', gpuCount, gpus.length);
  }
  if (paused) return l10n.t('paused');
  if (index > 0) return l10n.t('after {0}', waiting[index - 1]?.name ?? '');
  if (slotsInUse >= slots) return l10n.t('for a slot');
  const free = gpus.length - gpusInUse.length;
  if (gpuCount > free) return gpuCount === 1 ? l10n.t('for a GPU') : l10n.t('for {0} GPUs', gpuCount);
  return l10n.t('starts now');
}

/** A place in the queue: `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(place: number, l10n: Translator): string {
  const tens = place % 100;
  if (tens >= 11 && tens <= 13) return l10n.t('{0}th', place);
  switch (place % 10) {
    case 1:
      return l10n.t('{0}st', place);
    case 2:
      return l10n.t('{0}nd', place);
    case 3:
      return l10n.t('{0}rd', place);
    default:
      return l10n.t('{0}th', place);
  }
}
