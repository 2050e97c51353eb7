import type { AnswerOf, RequestOf } from '../api/endpoints';
import type { RunDetail, RunId } from '../model/run';
import type { ServerHandle } from '../platform/server';

/** What starting and following a run needs of a tracking server, however it was found. */
export interface RunServer {
  startRun(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>>;
  getRun(runId: RunId): Promise<FollowedRun>;
  stopRun(runId: RunId, kill: boolean): Promise<void>;
}

/** What is said of a run when it is over. */
export type FollowedRun = Pick<RunDetail, 'runId' | 'name' | 'state' | 'exitCode' | 'signal' | 'reason'>;

/** By the typed client. */
export function runServerOf({ client }: Pick<ServerHandle, 'client'>): RunServer {
  return {
    startRun: (request) => client.call('startRun', request),
    getRun: async (runId) => (await client.call('getRun', { runId })).run,
    stopRun: async (runId, kill) => void (await client.call('stopRun', { runId, kill })),
  };
}
