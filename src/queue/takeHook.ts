import { readJson } from '../platform/atomicFile';
import { type HookEvent, attempt as attemptFile, attemptPaths, hookEvent } from '../platform/attemptFiles';
import type { OpenedFile } from '../model/openedFile';
import type { Seen } from './evidence';
import { hashWaiting } from './hashWaiting';
import type { LiveAttempt } from './ledger';
import type { QueueServices } from './queue';
import { readFrom } from './readFrom';

/** Takes in the whole lines that the hook added since the offset. What they say may have been said before. */
export async function takeHook(services: QueueServices, attempt: LiveAttempt, file: string): Promise<void> {
  const { evidence } = services;
  if (evidence === undefined) return;
  const offset = evidence.hookOffset(attempt.attemptId);
  const added = await readFrom(file, offset);
  const whole = added.subarray(0, added.lastIndexOf(0x0a) + 1);
  if (whole.length === 0) return;
  const events = whole.toString('utf8').split('\n').flatMap(readLine);
  if (events.some(({ kind }) => kind === 'start')) await noteHolder(services, attempt.attemptId);
  const seen = seenIn(events);
  await evidence.hookTaken(attempt.attemptId, seen, offset + whole.length);
  if (seen.files.length > 0) hashWaiting(services);
}

/** The hook ran in this interpreter, so it will wait in the next one. */
async function noteHolder({ holders, state }: QueueServices, attemptId: string): Promise<void> {
  if (holders === undefined) return;
  const known = await readJson(attemptPaths(state, attemptId).attempt, attemptFile);
  if (known !== null) holders.add(known.program);
}

function readLine(line: string): HookEvent[] {
  try {
    const event = hookEvent.safeParse(JSON.parse(line));
    return event.success ? [event.data] : [];
  } catch {
    /* An empty line, or one that a full disk cut short. */
    return [];
  }
}

/** What lines say together: of a param and of a seed the first word counts. */
export function seenIn(events: readonly HookEvent[]): Seen {
  const params = new Map<string, string>();
  const seeds = new Map<string, string>();
  const files = new Map<string, OpenedFile>();
  for (const event of events) {
    switch (event.kind) {
      case 'params':
        for (const [name, value] of Object.entries(event.values)) {
          if (!params.has(name)) params.set(name, value);
        }
        break;
      case 'seed':
        if (!seeds.has(event.of)) seeds.set(event.of, event.value);
        break;
      case 'file':
        files.set(event.path, { ...NOTHING, path: event.path, isFolder: false, ...stateOf(event) });
        break;
      case 'folder':
        files.set(event.path, { ...NOTHING, path: event.path, isFolder: true, fileCount: event.fileCount });
        break;
      case 'start':
      case 'end':
        break;
    }
  }
  return {
    params: Object.fromEntries(params),
    seeds: Object.fromEntries(seeds),
    files: [...files.values()],
  };
}

const NOTHING = { fileCount: null, sizeBytes: null, modifiedAt: null, digest: null, problem: null };

function stateOf({ sizeBytes, modifiedAt }: HookEvent & { kind: 'file' }) {
  return { sizeBytes: Math.trunc(sizeBytes), modifiedAt: Math.trunc(modifiedAt) };
}
