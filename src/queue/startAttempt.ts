import { UserError } from '../base/errors';
import type { AttemptId } from '../model/run';
import type { AnswerOf, RequestOf } from '../api/endpoints';
import { executorOf } from '../executors';
import { keepCode } from './keepCode';
import { type Launch, launchAttempt } from './launchAttempt';
import { outputPathOf, readConfig, runOf } from './makeRun';
import { attemptOf, newAttemptKeys } from './newAttempt';
import type { QueueServices } from './queue';
import type { Runners } from './runners';

export interface Starter {
  start(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>>;
  /** Launches one more attempt, made by `launch`, in the background; nobody else judges it until it is launched. */
  launch(attemptId: AttemptId, launch: () => Promise<Launch>): Promise<void>;
  /** Whether this process is about to start the attempt's script, so that nobody else judges it. */
  isStarting(attemptId: AttemptId): boolean;
}

export function createStarter(services: QueueServices, runners: Runners, signal: AbortSignal): Starter {
  const answers = new Map<string, Promise<AnswerOf<'startRun'>>>();
  const starting = new Set<AttemptId>();

  async function begin(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>> {
    const { ledger, location } = services;
    const known = ledger.startedBy(request.requestId);
    if (known !== null) return { ...known, outputPath: outputPathOf(location, known.runId) };

    const config = await readConfig(location.folder);
    const run = runOf(services, request, config);
    const obstacle = executorOf(run.command).check();
    if (obstacle !== null) throw new UserError('platform-unsupported', obstacle);
    const keys = newAttemptKeys();
    const experimentChosen = request.experiment !== null;
    let answer: AnswerOf<'startRun'> | undefined;
    await launch(keys.attemptId, async () => {
      const { runId, name, experimentId } = await ledger.createRun(run, { ...keys, experimentChosen });
      answer = { runId, name, outputPath: outputPathOf(location, runId) };
      const { command } = run;
      const configured = config.run.env;
      const { env, debug, maxSnapshotFileBytes: maxFileBytes } = request;
      return {
        attempt: attemptOf(services, { keys, runId, experimentId, command, env, configured, debug }),
        command,
        configured,
        code: () => keepCode(services, { runId, folder: command.folder, maxFileBytes }, signal),
      };
    });
    if (answer === undefined) throw new Error('An attempt was launched without a run.');
    return answer;
  }

  async function launch(attemptId: AttemptId, prepare: () => Promise<Launch>): Promise<void> {
    starting.add(attemptId);
    try {
      const prepared = await prepare();
      void launchAttempt(services, runners, prepared, signal)
        .catch(services.log)
        .finally(() => starting.delete(attemptId));
    } catch (error) {
      starting.delete(attemptId);
      throw error;
    }
  }

  return {
    isStarting: (attemptId) => starting.has(attemptId),
    launch,
    start(request) {
      const asked = answers.get(request.requestId);
      if (asked !== undefined) return asked;
      const answer = begin(request).finally(() => answers.delete(request.requestId));
      answers.set(request.requestId, answer);
      return answer;
    },
  };
}
