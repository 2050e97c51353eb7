import { type BigIntStats, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { errorCode } from '../base/errors';
import type { BytePath } from '../git/bytePath';

/**
 * What was known of each file when it was last read, so that only changed files are read again. Lost or
 * damaged it costs time, never truth.
 */
export interface FileStates {
  /** The tree that holds exactly `files`, or null before the first snapshot. */
  readonly tree: string | null;
  /** The newest commit of that tree, and what its message says besides. */
  readonly commit: { readonly id: string; readonly about: string } | null;
  /** In the tree. */
  readonly files: ReadonlyMap<BytePath, FileState>;
  /** Content hashes (SHA-256) of files too large for a snapshot, by path. */
  readonly large: ReadonlyMap<BytePath, { readonly stamp: string; readonly sha256: string }>;
}

export interface FileState {
  /** Size, times and inode: unchanged means unchanged content, unless `racy`. */
  readonly stamp: string;
  /** Written so shortly before it was read that a second write could look the same. Read it again. */
  readonly racy: boolean;
  readonly mode: FileMode;
  /** The blob. */
  readonly id: string;
}

export type FileMode = '100644' | '100755' | '120000';

export const NO_STATES: FileStates = { tree: null, commit: null, files: new Map(), large: new Map() };

/** Everything of a file's state that a write or a replacement changes. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.ino}:${stats.mode}`;
}

// Times step with the kernel's clock, at most 10 ms; on FAT and some network disks by up to two seconds, which
// shows by whole seconds.
const TICK_NS = 100_000_000n;
const COARSE_TICK_NS = 2_100_000_000n;

/** Whether a file was written so close to `nowNs` that its times would not tell a second write. */
export function isRacy(stats: BigIntStats, nowNs: bigint): boolean {
  const newest = stats.mtimeNs > stats.ctimeNs ? stats.mtimeNs : stats.ctimeNs;
  const tick = newest % 1_000_000_000n === 0n ? COARSE_TICK_NS : TICK_NS;
  return newest + tick >= nowNs;
}

/** The time by the clock of the disk that a folder is on: a network disk has its own. */
export function diskClockNs(folder: string): bigint {
  const file = path.join(folder, 'winnow-clock');
  writeFileSync(file, String(Date.now()), { mode: 0o600 });
  return lstatSync(file, { bigint: true }).mtimeNs;
}

const FILE = 'winnow-states.json';
const VERSION = 1;

const row = z.tuple([
  z.string(),
  z.string(),
  z.boolean(),
  z.enum(['100644', '100755', '120000']),
  z.string(),
]);
const schema = z.object({
  version: z.literal(VERSION),
  tree: z.nullable(z.string()),
  commit: z.nullable(z.object({ id: z.string(), about: z.string() })),
  files: z.array(row),
  large: z.array(z.tuple([z.string(), z.string(), z.string()])),
});

interface Remembered {
  readonly states: FileStates;
  /** Of the file when we wrote or read it: another one means that somebody else did. */
  readonly stamp: string;
}
const remembered = new Map<string, Remembered>();

export function loadStates(snapshots: string): FileStates {
  const file = path.join(snapshots, FILE);
  const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return NO_STATES;
  const known = remembered.get(snapshots);
  if (known?.stamp === stampOf(stats)) return known.states;
  const states = parse(readFileSync(file, 'utf8'));
  remembered.set(snapshots, { states, stamp: stampOf(stats) });
  return states;
}

/** Not synced to the disk: after a power cut an old or a damaged file is as good as none. */
export function saveStates(snapshots: string, states: FileStates): void {
  const file = path.join(snapshots, FILE);
  const text = JSON.stringify({
    version: VERSION,
    tree: states.tree,
    commit: states.commit,
    files: [...states.files].map(([name, { stamp, racy, mode, id }]) => [name, stamp, racy, mode, id]),
    large: [...states.large].map(([name, { stamp, sha256 }]) => [name, stamp, sha256]),
  });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  remembered.set(snapshots, { states, stamp: stampOf(lstatSync(file, { bigint: true })) });
}

export function forgetStates(snapshots: string): void {
  remembered.delete(snapshots);
  try {
    renameSync(path.join(snapshots, FILE), path.join(snapshots, `${FILE}.old`));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function parse(text: string): FileStates {
  let result;
  try {
    result = schema.safeParse(JSON.parse(text));
  } catch {
    /* Cut or damaged: every file is read again. */
    return NO_STATES;
  }
  if (!result.success) return NO_STATES;
  const { tree, commit, files, large } = result.data;
  return {
    tree,
    commit,
    files: new Map(
      files.map(([name, stamp, racy, mode, id]) => [name as BytePath, { stamp, racy, mode, id }]),
    ),
    large: new Map(large.map(([name, stamp, sha256]) => [name as BytePath, { stamp, sha256 }])),
  };
}
