import type { Purge } from '../../purge';
import type { Handlers } from './index';

export interface PurgeDeps {
  readonly purge: Purge;
}

export function purgeHandlers({ purge }: PurgeDeps): Handlers<'planPurge' | 'purge'> {
  return {
    planPurge: ({ before }) => purge.plan(before),
    purge: ({ before }) => purge.run(before),
  };
}
