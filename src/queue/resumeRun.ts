import { appendFile, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type * as z from 'zod/mini';
import { UserError, errorCode } from '../base/errors';
import type { AnswerOf, endpoints } from '../api/endpoints';
import type { ResumePlan } from '../model/attempt';
import { type RunCommand, type RunDetail, type RunId, type RunSnapshot, isOver } from '../model/run';
import { runPaths } from '../platform/attemptFiles';
import { newestCheckpoint } from './checkpoints';
import { gpuVariables } from './gpuChoice';
import { checkoutsOf, isolate } from './isolate';
import { keepCode } from './keepCode';
import { configuredOf, outputPathOf } from './makeRun';
import { readConfig } from './readConfig';
import { attemptOf, newAttemptKeys, printedRulesOf } from './newAttempt';
import { isOtherCode } from './otherCode';
import type { QueueServices } from './queue';
import type { Starter } from './startAttempt';

/** As it came through the door. */
export type ResumeRequest = z.output<ReturnType<typeof endpoints.resumeRun.request>>;

export interface Resumer {
  /** How a run could go on. @throws UserError as `resume` does. */
  plan(runId: RunId): Promise<ResumePlan>;
  /**
   * Starts one more attempt of a run that was stopped, failed or lost, in its folder with the code as it is now;
   * one that ran in a checkout, in that with the code of then.
   * The same request again answers with the same run and starts nothing.
   * @throws UserError 'run-live', 'run-finished', 'run-without-runner', 'run-deleted' or 'not-found'.
   */
  resume(request: ResumeRequest): Promise<AnswerOf<'resumeRun'>>;
}

// A kernel stamps files with the time of its last tick: up to this much before the clock that programs read.
const FILE_TIME_LAG_MS = 10;

export function createResumer(services: QueueServices, starter: Starter, signal: AbortSignal): Resumer {
  const { ledger, location } = services;
  const resuming = new Map<string, Promise<AnswerOf<'resumeRun'>>>();

  async function plan(runId: RunId): Promise<ResumePlan> {
    const { run, command } = resumable(services, runId);
    const attempts = ledger.attemptsOf(runId);
    const since = (run.startedAt ?? run.createdAt) - FILE_TIME_LAG_MS;
    // A run that had a checkout left its own files there.
    const folders = [command.folder, run.artifactDirectory, path.join(checkoutsOf(location), runId)];
    const [source, checkpoint, resumeFlag] = await Promise.all([
      readFile(path.resolve(command.folder, command.script), 'utf8').catch(() => ''),
      newestCheckpoint(folders, since),
      import('../code/resumeFlag'),
    ]);
    const flag = resumeFlag.findResumeFlag(source);
    const args =
      flag === null || checkpoint === null
        ? command.args
        : resumeFlag.withResume(command.args, flag, checkpoint.path);
    return { number: attempts.length + 1, args, checkpoint, flag: flag?.flag ?? null };
  }

  async function begin(request: ResumeRequest): Promise<AnswerOf<'resumeRun'>> {
    const known = ledger.startedBy(request.requestId);
    if (known !== null) {
      const number = ledger.attemptsOf(known.runId).length;
      return { ...known, outputPath: outputPathOf(location, known.runId), number };
    }
    const { run, command: first } = resumable(services, request.runId);
    const { runId } = run;
    const { number, args, checkpoint } = await plan(runId);
    const config = await readConfig(location.folder);
    const command: RunCommand = { ...first, args: [...(request.args ?? args)] };
    const eventsOffset = await putAside(path.join(location.runs, runId), number, checkpoint?.path ?? null);
    const keys = newAttemptKeys();
    const configured = {
      ...configuredOf(config),
      ...command.variables,
      ...gpuVariables(ledger.placementOf(runId)?.gpus ?? []),
      WINNOW_ATTEMPT: String(number),
      ...(checkpoint === null ? {} : { WINNOW_RESUME_FROM: checkpoint.path }),
    };
    // A run of a checkout goes on in one of the same code; any other in its folder, with the code as it is now.
    const { snapshot } = run;
    const isolated =
      snapshot !== null && ledger.placementOf(runId)?.isolated === true
        ? await isolate(services, runId, command, snapshot, signal)
        : null;
    await starter.launch(keys.attemptId, async () => {
      await ledger.addAttempt(runId, {
        ...{ attemptId: keys.attemptId, tokenHash: keys.tokenHash, requestId: request.requestId },
        ...{ experimentChosen: true, command, resumedFrom: checkpoint?.path ?? null, eventsOffset },
      });
      const order = {
        keys,
        runId,
        experimentId: run.experimentId,
        command,
        configured,
        printedRules: printedRulesOf(config),
      };
      if (isolated !== null && snapshot !== null) {
        await ledger.snapshotTaken(keys.attemptId, { snapshot, reason: null });
        const env = isolated.environment(request.env);
        return {
          attempt: attemptOf(services, { ...order, env, plan: isolated.plan }),
          ...{ command, configured, code: null },
        };
      }
      const { folder } = command;
      return {
        attempt: attemptOf(services, { ...order, env: request.env }),
        ...{ command, configured },
        code: async (onKept) => {
          const maxFileBytes = undefined;
          const kept = await keepCode(
            services,
            { runId, attempt: number, folder, maxFileBytes, onKept },
            signal,
          );
          void compare(kept.snapshot).catch(services.log);
          return kept;
        },
      };
    });
    return { runId, name: run.name, outputPath: outputPathOf(location, runId), number };

    async function compare(after: RunSnapshot | null): Promise<void> {
      if (snapshot === null || after === null || snapshot.commit === after.commit) return;
      if (await isOtherCode(location.snapshots, snapshot.commit, after.commit, signal)) {
        await ledger.codeChanged(keys.attemptId);
      }
    }
  }

  return {
    plan,
    resume(request) {
      const asked = resuming.get(request.runId);
      if (asked !== undefined) return asked; // Two clicks are one wish.
      const answer = begin(request).finally(() => resuming.delete(request.runId));
      resuming.set(request.runId, answer);
      return answer;
    },
  };
}

function resumable({ ledger }: QueueServices, runId: RunId): { run: RunDetail; command: RunCommand } {
  const run = ledger.run(runId);
  if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
  if (run.deleted) throw new UserError('run-deleted', `${run.name} was deleted. Restore it to resume it.`);
  if (run.command === null || run.outputPath === null) {
    throw new UserError(
      'run-without-runner',
      `${run.name} was not started by Winnow, so it is not known how to start it again.`,
    );
  }
  if (!isOver(run.state) || ledger.liveAttempts().some((live) => live.runId === runId)) {
    throw new UserError('run-live', `${run.name} is still going on. Stop it before you resume it.`);
  }
  if (run.state === 'finished') {
    throw new UserError('run-finished', `${run.name} has finished. Run it again to start a new run.`);
  }
  return { run, command: run.command };
}

/**
 * Keeps what an earlier attempt left under names of its own, and says in the output that another one begins.
 * Resolves with where its events begin.
 */
async function putAside(runDirectory: string, number: number, from: string | null): Promise<number> {
  await mkdir(runDirectory, { recursive: true });
  const files = runPaths(runDirectory);
  for (const file of [files.exit, files.spec]) {
    await rename(file, file.replace(/\.json$/, `.${number - 1}.json`)).catch(ignoreMissing);
  }
  const going = from === null ? '' : `, going on from ${path.basename(from)}`;
  const line = `── attempt ${number} began${going} ──\n`;
  await appendFile(files.output, `${(await endsInLine(files.output)) ? '' : '\n'}${line}`);
  return (await stat(files.events).catch(() => null))?.size ?? 0;
}

async function endsInLine(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return true;
  try {
    const { size } = await handle.stat();
    if (size === 0) return true;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
