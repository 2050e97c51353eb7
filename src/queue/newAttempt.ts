import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WinnowYaml } from '../code/winnowYaml';
import type { AttemptId, RunCommand, RunId } from '../model/run';
import { executorOf } from '../executors';
import type { LaunchPlan } from '../executors';
import type { PrintedRule } from '../model/printed';
import { type Attempt, runPaths } from '../platform/attemptFiles';
import type { QueueServices } from './queue';
import { GRACE_MS } from './grace';
import { type ScriptHook, scriptEnvironment } from './scriptEnvironment';
import { type Debugging, underDebugger } from './underDebugger';

/** What an attempt is known by. The token is in its private file only; the store has the hash. */
export interface AttemptKeys {
  readonly attemptId: AttemptId;
  readonly token: string;
  /** SHA-256 of the token in hexadecimal. */
  readonly tokenHash: string;
}

/** Keys for one more start of a run, the first or a later one. */
export function newAttemptKeys(): AttemptKeys {
  const token = randomBytes(32).toString('hex');
  return {
    attemptId: randomBytes(16).toString('hex') as AttemptId,
    token,
    tokenHash: createHash('sha256').update(token).digest('hex'),
  };
}

export interface AttemptOrder {
  readonly keys: AttemptKeys;
  readonly runId: RunId;
  readonly experimentId: string;
  readonly command: RunCommand;
  /** The environment of whoever asks. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that win over those of the asker: of winnow.yaml, and what a person set for this run. */
  readonly configured: Readonly<Record<string, string>>;
  /** A debugger that waits for the script. */
  readonly debug?: Debugging | undefined;
  /** Rules of winnow.yaml for what it prints; null when nothing of that is to become a metric. */
  readonly printedRules: readonly PrintedRule[] | null;
  /** Where it runs instead of the command's own folder: a checkout of its snapshot. */
  readonly plan?: LaunchPlan;
}

/** What the attempt's private file says, for a run that is in the store. Starts nothing. */
export function attemptOf(services: QueueServices, order: AttemptOrder): Attempt {
  const { keys, runId, experimentId, command, env, configured } = order;
  const programs = services.programs.directory;
  const runDirectory = path.join(services.location.runs, runId);
  const planned = order.plan ?? executorOf(command).plan(command, { programs, runDirectory });
  const plan = order.debug === undefined ? planned : underDebugger(planned, order.debug);
  const tracking = { trackingUri: services.trackingUri(), token: keys.token, experimentId };
  const whole = scriptEnvironment(env, configured, tracking, hookOf(services, runId));
  return {
    attemptId: keys.attemptId,
    runId,
    createdAt: Date.now(),
    folder: services.location.folder,
    runDirectory,
    programs,
    ...plan,
    args: [...plan.args],
    env: whole,
    token: keys.token,
    printed: printedOf(services, order),
    // Only where the hook is in the interpreter is there somebody who waits.
    holds: whole['WINNOW_HOOK_FILE'] !== undefined && (services.holders?.has(plan.program) ?? false),
    graceMs: GRACE_MS,
  };
}

/** The hook as the script's interpreter finds it; a build without it has none. */
function hookOf({ programs, location }: QueueServices, runId: string): ScriptHook | null {
  const folder = path.join(programs.python, 'hook');
  return existsSync(folder) ? { folder, file: runPaths(path.join(location.runs, runId)).hook } : null;
}

/** How a run's output is read for metrics: by winnow.yaml, by what a person decided, and not at all if so asked. */
export function printedRulesOf(config: WinnowYaml, wanted = true): readonly PrintedRule[] | null {
  return wanted && config.run.printedMetrics !== false ? config.metrics.printed : null;
}

function printedOf(
  { ledger }: QueueServices,
  { printedRules, experimentId }: AttemptOrder,
): Attempt['printed'] {
  return printedRules === null ? null : { rules: [...printedRules, ...ledger.printedRules(experimentId)] };
}
