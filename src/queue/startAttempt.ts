import { UserError, messageOf } from '../base/errors';
import { inTurn } from '../base/inTurn';
import type { AttemptId, RunCommand } from '../model/run';
import type { AnswerOf, RequestOf } from '../api/endpoints';
import type { WinnowYaml } from '../code/winnowYaml';
import { executorOf } from '../executors';
import { listGpus } from '../platform/gpus';
import { gpusElsewhere } from '../platform/gpusElsewhere';
import { editedCode } from './editedCode';
import { VISIBLE, gpuVariables, gpusAtOnce, gpusNamed } from './gpuChoice';
import { isolate } from './isolate';
import { keepCode } from './keepCode';
import { type Launch, launchAttempt } from './launchAttempt';
import type { CreatedRun, NewRun } from './ledger';
import { configuredOf, outputPathOf, runOf } from './makeRun';
import { type AttemptKeys, attemptOf, newAttemptKeys, printedRulesOf } from './newAttempt';
import type { QueueServices } from './queue';
import { readConfig } from './readConfig';
import type { Runners } from './runners';

export interface Starter {
  /** Starts a run at once. The same request again answers with the same run. */
  start(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>>;
  /**
   * Launches an attempt of a run in the background: `prepare` puts it into the store, or answers null when there is
   * nothing to launch any more. Nobody else judges the attempt until it is launched.
   */
  launch(attemptId: AttemptId, prepare: () => Promise<Launch | null>): Promise<void>;
  /** Whether this process is about to start the attempt's script, so that nobody else judges it. */
  isStarting(attemptId: AttemptId): boolean;
}

export function createStarter(services: QueueServices, runners: Runners, signal: AbortSignal): Starter {
  const { ledger, location } = services;
  const starting = new Set<AttemptId>();

  async function begin(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>> {
    const known = ledger.startedBy(request.requestId);
    if (known !== null) return { ...known, outputPath: outputPathOf(location, known.runId) };
    const config = await readConfig(location.folder);
    const { gpuCount = 0, env } = request;
    const gpus =
      gpuCount > 0
        ? gpusAtOnce(
            await listGpus(),
            env[VISIBLE],
            [...ledger.gpusInUse(), ...(await gpusElsewhere(services.state))],
            gpuCount,
          )
        : gpusNamed(env);
    const run = runOf(services, request, config, { gpus });
    requireExecutor(run.command);
    const keys = newAttemptKeys();
    const attempt = { ...keys, experimentChosen: request.experiment !== null };
    let created: CreatedRun | undefined;
    await launch(keys.attemptId, async () => {
      const made = await ledger.createRun(run, attempt);
      created = made;
      const variables = gpuCount > 0 && gpus !== null ? gpuVariables(gpus) : {};
      return run.placement.isolated
        ? inCheckout(request, config, run, made, keys, variables)
        : inPlace(request, config, run, made, keys, variables);
    });
    if (created === undefined) throw new Error('An attempt was launched without a run.');
    const { runId, name } = created;
    return { runId, name, outputPath: outputPathOf(location, runId) };
  }

  type Made = readonly [
    request: RequestOf<'startRun'>,
    config: WinnowYaml,
    run: NewRun,
    created: CreatedRun,
    keys: AttemptKeys,
    variables: Readonly<Record<string, string>>,
  ];

  function inPlace(
    ...[request, config, { command }, { runId, experimentId }, keys, variables]: Made
  ): Launch {
    const configured = { ...configuredOf(config), ...command.variables, ...variables };
    const maxFileBytes = request.maxSnapshotFileBytes;
    return {
      attempt: attemptOf(services, {
        ...{ keys, runId, experimentId, command, env: request.env, configured },
        debug: request.debug,
        printedRules: printedRulesOf(config, request.printedMetrics),
      }),
      command,
      configured,
      code: (onKept) => keepCode(services, { runId, folder: command.folder, maxFileBytes, onKept }, signal),
    };
  }

  /** The user's files with the run's own edits, laid out beside them. */
  async function inCheckout(
    ...[request, config, run, created, keys, variables]: Made
  ): Promise<Launch | null> {
    const { command } = run;
    const { runId, experimentId } = created;
    try {
      const kept = await editedCode(
        services,
        {
          runId,
          folder: command.folder,
          maxFileBytes: request.maxSnapshotFileBytes,
          edits: request.edits ?? [],
        },
        signal,
      );
      if (kept.refusal !== null || kept.snapshot === null)
        throw new UserError('no-code', kept.refusal ?? kept.reason ?? '');
      await ledger.snapshotTaken(keys.attemptId, kept);
      const { plan, environment } = await isolate(services, runId, command, kept.snapshot, signal);
      const configured = { ...configuredOf(config), ...command.variables, ...variables };
      const env = environment(request.env);
      const printedRules = printedRulesOf(config, request.printedMetrics);
      const isolated = { plan, debug: request.debug, printedRules };
      const order = { keys, runId, experimentId, command, env, configured, ...isolated };
      return { attempt: attemptOf(services, order), command, configured, code: null };
    } catch (error) {
      if (!(error instanceof UserError)) services.log(error);
      await ledger.attemptEnded(keys.attemptId, failed(messageOf(error)));
      return null;
    }
  }

  async function launch(attemptId: AttemptId, prepare: () => Promise<Launch | null>): Promise<void> {
    starting.add(attemptId);
    try {
      const prepared = await prepare();
      if (prepared === null) return void starting.delete(attemptId);
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
    start: (request) => inTurn(`start ${location.database} ${request.requestId}`, () => begin(request)),
  };
}

/** @throws UserError 'platform-unsupported' when nothing can be run here. */
export function requireExecutor(command: RunCommand): void {
  const obstacle = executorOf(command).check();
  if (obstacle !== null) throw new UserError('platform-unsupported', obstacle);
}

function failed(reason: string) {
  return { state: 'failed', endedAt: Date.now(), exitCode: null, signal: null, reason } as const;
}
