import type { Store } from '../../../store/store';
import { noticeOf } from '../../notice';
import type { Handlers } from './index';

/** Who the server is and what keeps it alive. */
export interface LifeDeps {
  readonly about: {
    readonly version: string;
    readonly store: string;
    readonly folder: string;
    readonly startedAt: number;
  };
  /** Keeps the server alive for a holder; 0 milliseconds lets go. */
  readonly hold: (holder: string, ttlMs: number) => void;
  /** Ends the server after the answer is on its way. */
  readonly handOver: (version: string) => void;
}

export function lifeHandlers({
  about,
  hold,
  handOver,
  store,
}: LifeDeps & { readonly store: Pick<Store, 'currentSeq' | 'readOnly' | 'notices' | 'liveRuns'> }): Handlers<
  'info' | 'hold' | 'handOver'
> {
  return {
    info: () => ({
      ...about,
      pid: process.pid,
      seq: store.currentSeq(),
      readOnly: store.readOnly,
      notice: noticeOf(store),
      runningCount: store.liveRuns().filter(({ state }) => state === 'running').length,
    }),
    hold({ holder, ttlMs }) {
      hold(holder, ttlMs);
      return {};
    },
    handOver({ version }) {
      handOver(version);
      return {};
    },
  };
}
