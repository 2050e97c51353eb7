import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, errorCode, isAbortError, messageOf } from '../base/errors';
import type { AttemptId, RunCommand, RunSnapshot } from '../model/run';
import type { AnswerOf, RequestOf } from '../api/endpoints';
import { type WinnowYaml, readWinnowYaml } from '../code/winnowYaml';
import { executors } from '../executors';
import { writeFileAtomic } from '../platform/atomicFile';
import { type Attempt, attemptPaths, runPaths } from '../platform/attemptFiles';
import type { Child } from '../platform/spawn';
import type { TakenSnapshot } from './ledger';
import type { QueueServices } from './queue';
import type { Runners } from './runners';
import { scriptEnvironment } from './scriptEnvironment';

export interface Starter {
  start(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>>;
  /** Whether this process is about to start the attempt's script, so that nobody else judges it. */
  isStarting(attemptId: AttemptId): boolean;
}

const GRACE_MS = 5_000; // Long enough for a checkpoint of a small model.

export function createStarter(services: QueueServices, runners: Runners, signal: AbortSignal): Starter {
  const answers = new Map<string, Promise<AnswerOf<'startRun'>>>();
  const starting = new Set<AttemptId>();

  async function begin(request: RequestOf<'startRun'>): Promise<AnswerOf<'startRun'>> {
    const { ledger, location, log } = services;
    const outputPathOf = (runId: string) => runPaths(path.join(location.runs, runId)).output;
    const known = ledger.startedBy(request.requestId);
    if (known !== null)
      return { runId: known.runId, name: known.name, outputPath: outputPathOf(known.runId) };

    const [executor] = executors;
    const obstacle = executor.check();
    if (obstacle !== null) throw new UserError('platform-unsupported', obstacle);
    const config = await readConfig(location.folder);
    const command = commandOf(request);
    const attemptId = randomBytes(16).toString('hex') as AttemptId;
    const token = randomBytes(32).toString('hex');
    starting.add(attemptId);
    try {
      const created = await ledger.createAttempt({
        requestId: request.requestId,
        attemptId,
        experiment: request.experiment ?? config.experiment ?? path.basename(location.folder),
        experimentChosen: request.experiment !== null,
        goal: config.goal,
        name: request.name,
        command,
        outputPath: outputPathOf,
        tokenHash: createHash('sha256').update(token).digest('hex'),
      });
      const plan = executor.plan(command);
      const attempt: Attempt = {
        attemptId,
        runId: created.runId,
        folder: location.folder,
        runDirectory: path.join(location.runs, created.runId),
        programs: services.programs.directory,
        ...plan,
        args: [...plan.args],
        env: scriptEnvironment(request.env, config.run.env, {
          trackingUri: services.trackingUri(),
          token,
          experimentId: created.experimentId,
        }),
        token,
        graceMs: Number(process.env['WINNOW_GRACE_MS'] ?? GRACE_MS),
        printed:
          request.printedMetrics === false || config.run.printedMetrics === false
            ? null
            : { rules: [...config.metrics.printed, ...ledger.printedRules(created.experimentId)] },
      };
      void launch(services, runners, attempt, command, config, request.maxSnapshotFileBytes, signal)
        .catch(log)
        .finally(() => starting.delete(attemptId));
      return { runId: created.runId, name: created.name, outputPath: outputPathOf(created.runId) };
    } catch (error) {
      starting.delete(attemptId);
      throw error;
    }
  }

  return {
    isStarting: (attemptId) => starting.has(attemptId),
    start(request) {
      const asked = answers.get(request.requestId);
      if (asked !== undefined) return asked;
      const answer = begin(request).finally(() => answers.delete(request.requestId));
      answers.set(request.requestId, answer);
      return answer;
    },
  };
}

/** The script as the run shows it: relative where it lies in the folder. */
function commandOf({ script, args, folder, python }: RequestOf<'startRun'>): RunCommand {
  const relative = path.relative(folder, path.resolve(folder, script));
  const inside = relative !== '' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return { python, script: inside ? relative : path.resolve(folder, script), args, folder };
}

/** The folder's winnow.yaml as it is now. */
export async function readConfig(folder: string): Promise<WinnowYaml> {
  let text = '';
  try {
    text = await readFile(path.join(folder, 'winnow.yaml'), 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      const why = `winnow.yaml in ${folder} cannot be read (${messageOf(error)}).`;
      throw new UserError('winnow-yaml', why, { cause: error });
    }
  }
  return readWinnowYaml(text);
}

/** Starts the runner and takes the snapshot at the same time; the script starts when both are ready. */
async function launch(
  services: QueueServices,
  runners: Runners,
  attempt: Attempt,
  command: RunCommand,
  config: WinnowYaml,
  maxFileBytes: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, state } = services;
  const attemptId = attempt.attemptId as AttemptId;
  let runner: Child | null = null;
  try {
    const files = { ...attemptPaths(state, attemptId), ...runPaths(attempt.runDirectory) };
    await Promise.all([
      mkdir(attempt.runDirectory, { recursive: true }),
      writeFileAtomic(files.attempt, JSON.stringify(attempt)),
    ]);
    const [started, taken] = await Promise.all([
      runners.start(files.attempt),
      takeSnapshot(services, attempt, command, maxFileBytes, signal),
      writeFileAtomic(files.spec, JSON.stringify(specOf(attempt, command, config), null, 2), 0o644),
    ]);
    runner = started;
    if (taken.refusal === null) {
      say(runner, 'go');
      await ledger.snapshotTaken(attemptId, taken);
      await noteOtherTracking(services, attempt);
      if (taken.snapshot !== null) {
        await completeSnapshot(services, attemptId, taken.snapshot, command, signal);
      }
    } else {
      say(runner, `no ${taken.refusal}`);
    }
  } catch (error) {
    if (isAbortError(error)) return; // The server ends: the runner sees its input end and says so in its files.
    say(runner, `no ${messageOf(error)}`);
    if (runner !== null) throw error;
    await ledger.attemptEnded(attemptId, {
      state: 'failed',
      endedAt: Date.now(),
      exitCode: null,
      signal: null,
      reason: `The run could not be started: ${messageOf(error)}`,
    });
    if (!(error instanceof UserError)) throw error;
  }
}

function say(runner: Child | null, word: string): void {
  runner?.stdin?.end(`${word.replaceAll('\n', ' ')}\n`);
}

/** Without git a run goes on without a snapshot; any other trouble means that the code would be lost. */
async function takeSnapshot(
  { location, takeSnapshot: take, log }: QueueServices,
  attempt: Attempt,
  command: RunCommand,
  maxFileBytes: number | undefined,
  signal: AbortSignal,
): Promise<TakenSnapshot & { readonly refusal: string | null }> {
  try {
    const snapshot: RunSnapshot = await take({
      folder: command.folder,
      snapshots: location.snapshots,
      runId: attempt.runId as Parameters<typeof take>[0]['runId'],
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      signal,
    });
    return { snapshot, reason: null, refusal: null };
  } catch (error) {
    if (isAbortError(error)) throw error;
    if (error instanceof UserError && error.code === 'git-missing') {
      return {
        snapshot: null,
        reason: `The code of this run was not kept: ${error.message}`,
        refusal: null,
      };
    }
    if (!(error instanceof UserError)) log(error);
    const refusal = `The code could not be kept, so the script was not started: ${messageOf(error)}`;
    return { snapshot: null, reason: null, refusal };
  }
}

/** A script that reports to another server is left to do so; its run says where. */
async function noteOtherTracking({ ledger, log }: QueueServices, attempt: Attempt): Promise<void> {
  if (attempt.script?.endsWith('.py') !== true) return;
  try {
    const source = await readFile(attempt.script, 'utf8');
    const { findTrackingUri } = await import('../code/trackingUri');
    const uri = findTrackingUri(source);
    if (uri !== null) await ledger.logsElsewhere(attempt.attemptId as AttemptId, uri);
  } catch (error) {
    log(error); // The run goes on; only a remark is missing.
  }
}

/** Large files are hashed while the script runs, so that nobody waits for them. */
async function completeSnapshot(
  { ledger, location, hashLeftOut, log }: QueueServices,
  attemptId: AttemptId,
  snapshot: RunSnapshot,
  { folder }: RunCommand,
  signal: AbortSignal,
): Promise<void> {
  if (hashLeftOut === undefined || snapshot.leftOut.length === 0) return;
  try {
    const { snapshots } = location;
    const leftOut = await hashLeftOut({ folder, snapshots, leftOut: snapshot.leftOut, signal });
    await ledger.snapshotTaken(attemptId, { snapshot: { ...snapshot, leftOut }, reason: null });
  } catch (error) {
    if (!isAbortError(error)) log(error); // The files stay named, without their hashes.
  }
}

/** What a reader of the folder may know: no value of the asker's environment, and no token. */
function specOf(attempt: Attempt, command: RunCommand, config: WinnowYaml) {
  return {
    runId: attempt.runId,
    attemptId: attempt.attemptId,
    command,
    requestedAt: Date.now(),
    env: config.run.env,
    inheritedVariables: Object.keys(attempt.env).sort(),
  };
}
