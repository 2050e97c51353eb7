import type { z } from 'zod/mini';
import type { ResumePlan } from '../../../model/attempt';
import type { RunId } from '../../../model/run';
import type { endpoints } from '../../../api/endpoints';
import { RequestError } from '../../failures';
import type { Handlers } from './index';

/** Starts and stops attempts. */
export interface QueueForRoutes {
  start(request: z.output<ReturnType<typeof endpoints.startRun.request>>): Promise<{
    readonly runId: RunId;
    readonly name: string;
    readonly outputPath: string;
  }>;
  planResume(runId: RunId): Promise<ResumePlan>;
  resume(request: z.output<ReturnType<typeof endpoints.resumeRun.request>>): Promise<{
    readonly runId: RunId;
    readonly name: string;
    readonly outputPath: string;
    readonly number: number;
  }>;
  stop(runId: RunId, kill: boolean): Promise<{ readonly killAt: number | null }>;
  /** There may be something new in the files of an attempt. */
  nudge(attemptId: string): Promise<void>;
}

export interface AttemptDeps {
  readonly queue: QueueForRoutes;
}

export function attemptHandlers({
  queue,
}: AttemptDeps): Handlers<'startRun' | 'planResume' | 'resumeRun' | 'stopRun' | 'nudge'> {
  return {
    startRun: (request) => queue.start(request),
    planResume: async ({ runId }) => ({ plan: await queue.planResume(runId) }),
    resumeRun: (request) => queue.resume(request),
    stopRun: ({ runId, kill }) => queue.stop(runId, kill ?? false),
    async nudge({ attemptId }, { principal }) {
      if (principal.kind === 'attempt' && principal.attempt.attemptId !== attemptId) {
        throw new RequestError('PERMISSION_DENIED', 'An attempt speaks for itself only.');
      }
      await queue.nudge(attemptId);
      return {};
    },
  };
}
