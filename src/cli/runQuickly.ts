import { realpathSync, statSync } from 'node:fs';
import { findStoreFolder } from '../platform/storeFolder';
import type { Access, Typed } from './command';
import { note, parseCall } from './parseCall';
import { type QuickServer, openQuickServer } from './quickServer';
import { report } from './report';
import { RUN, isForQueue, requestOf, runNow } from './runNow';

/**
 * `winnow run` where a tracking server lives, with nothing loaded that this does not need: the script begins sooner.
 * Resolves with the exit code; with null when it is for the whole command, and nothing has happened then.
 * @param argv what follows `winnow run`.
 * @param accessTo of the whole command, for when the server dies in the middle.
 */
export async function runQuickly(
  argv: readonly string[],
  accessTo: (folder: string) => Access,
): Promise<number | null> {
  const ready = await getReady(argv).catch(() => null); // The whole command meets the same, and says it.
  if (ready === null) return null;
  const { typed, server, request } = ready;
  if (server.notice !== null) note(server.notice);
  let whole: Access | undefined;
  let first: QuickServer | null = server;
  const runServer = async () => {
    const found = first ?? (await (whole ??= accessTo(typed.folder)).runServer());
    first = null;
    return found;
  };
  try {
    return await runNow({ ...typed, runServer }, request);
  } catch (error) {
    return report(error, RUN.name, typed.json);
  }
}

interface Ready {
  readonly typed: Typed;
  readonly server: QuickServer;
  readonly request: Awaited<ReturnType<typeof requestOf>>;
}

async function getReady(argv: readonly string[]): Promise<Ready | null> {
  const typed = parseCall(RUN, argv);
  const [script, ...args] = typed?.words ?? [];
  if (typed === null || script === undefined || isForQueue(typed)) return null;
  const folder = await findStoreFolder(typed.folder, {
    realpath: (file) => realpathSync(file),
    stat: (file) => statSync(file, { throwIfNoEntry: false }) ?? null,
  });
  const server = await openQuickServer(folder, __dirname);
  if (server === null) return null;
  return { typed, server, request: await requestOf(typed, [script, ...args], server.rememberedPython) };
}
