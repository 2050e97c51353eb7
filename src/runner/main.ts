import { mkdirSync } from 'node:fs';
import { readJsonNow, writeFileNow } from '../platform/atomicFile';
import {
  type ExitRecord,
  attempt as attemptSchema,
  attemptPaths,
  runPaths,
  stateOfAttempt,
} from '../platform/attemptFiles';
import { ownIdentity } from '../platform/identity';
import { adoptScript } from './adoptScript';
import { waitForGo } from './go';
import { log } from './log';
import { asOnlyRunner } from './onlyRunner';
import { type Orders, readOrders } from './orders';
import { runScript } from './runScript';
import { watchServer } from './serverWatch';
import { stopWish } from './stopWish';
import type { WatchContext } from './watchScript';
import { writeExit } from './writeExit';

/**
 * The runner: owns one start of a script from its first instruction to its exit code, and outlives the window,
 * the tracking server and an update of the extension. Its input says what to do: the line "attempt" with the
 * path of the attempt's private file, for which it gets ready while the server takes the snapshot; then "go", and
 * it starts the script. Or the line "adopt" with such a path: the script runs already, and its runner was ended by
 * force. Booted as a spare it waits for the first line; it ends when there is nothing to wait for.
 */
async function main(): Promise<void> {
  const orders = readOrders(process.stdin);
  // While nobody waits for it: what the first use of each would cost a start.
  attemptSchema.safeParse({});
  const runner = await ownIdentity();
  const order = await orders.next();
  if (order === null) return;
  const attemptFile = String(JSON.parse(order.replace(/^(attempt|adopt) /, '')));
  const attempt = readJsonNow(attemptFile, attemptSchema);
  if (attempt === null) throw new Error(`There is no attempt in ${attemptFile}.`);
  const state = stateOfAttempt(attemptFile);
  const files = { ...attemptPaths(state, attempt.attemptId), ...runPaths(attempt.runDirectory) };
  const stop = stopWish(files.stop);
  await asOnlyRunner(files.lock, async () => {
    const server = watchServer(attempt, state);
    try {
      const context = { attempt, files, runner, stop, server };
      const ended = order.startsWith('adopt ') ? await adopt(context) : await start(context, orders);
      if (ended === null) return;
      await writeExit(files, { ...ended, attemptId: attempt.attemptId });
      await server.last();
    } finally {
      server.dispose();
    }
  });
}

async function start(context: WatchContext, orders: Orders): Promise<ExitRecord> {
  const { attempt, files, runner, stop } = context;
  mkdirSync(attempt.runDirectory, { recursive: true });
  writeFileNow(files.processes, JSON.stringify({ runner, script: null }));
  stop.look(); // A wish from before this process could be told of it.
  return runScript(context, waitForGo(orders, stop.wished));
}

async function adopt(context: WatchContext): Promise<ExitRecord | null> {
  context.stop.look();
  return adoptScript(context);
}

// A terminal that closes or a Ctrl-C in it is none of the runner's business: it has a wish to stop for that.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const) process.on(signal, () => undefined);
// Whatever goes wrong beside the script must not end it: it is written down, and the waiting goes on.
process.on('uncaughtException', (error) => log(error));
process.on('unhandledRejection', (error) => log(error));

// The server that starts a runner keeps its own files private; a script's files are as its person has them.
process.umask(Number.parseInt(process.env['WINNOW_UMASK'] ?? '22', 8));

void main()
  .catch((error: unknown) => {
    log(error);
    process.exitCode = 1;
  })
  .finally(() => process.exit());
