import type { RunState } from '../../src/model/run';
import { t } from './l10n';

/** A run's state as people read it. */
export function stateWord(state: RunState): string {
  switch (state) {
    case 'queued':
      return t('queued');
    case 'running':
      return t('running');
    case 'finished':
      return t('finished');
    case 'failed':
      return t('failed');
    case 'stopped':
      return t('stopped');
    case 'pruned':
      return t('pruned');
    case 'lost':
      return t('lost');
  }
}
