import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { type BytePath, parentOf, pathBytes } from '../git/bytePath';
import type { FileState } from './fileStates';

/** A commit of files of which few are new. */
export interface SmallChange {
  readonly snapshots: string;
  /** What the private repository holds already, trees included. */
  readonly before: ReadonlyMap<BytePath, FileState>;
  readonly files: ReadonlyMap<BytePath, FileState>;
  /** The new contents by their names as blobs. */
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly message: string;
  readonly atSeconds: number;
}

/**
 * Puts a small change into the private repository as loose objects (gitformat-loose-object(5), and the formats of
 * trees and commits of gitcore), without a git: starting one costs more than all the writing, and this stands
 * between a person and the first line of the script. What it writes must be forced to the disk (`syncObjects`)
 * before anything counts on it.
 */
export function writeSmallChange(change: SmallChange): {
  readonly commit: string;
  readonly tree: string;
  readonly written: readonly string[];
} {
  const { snapshots, message, atSeconds } = change;
  const known = treesOf(change.before);
  const trees = treesOf(change.files);
  const written = [...change.contents].map(([id, content]) => writeObject(snapshots, 'blob', content, id));
  for (const [id, content] of trees.objects) {
    if (!known.objects.has(id)) written.push(writeObject(snapshots, 'tree', content, id));
  }
  const author = `Winnow <winnow@localhost> ${atSeconds} +0000`;
  const content = Buffer.from(`tree ${trees.root}\nauthor ${author}\ncommitter ${author}\n\n${message}`);
  const commit = objectId('commit', content);
  written.push(writeObject(snapshots, 'commit', content, commit));
  return { commit, tree: trees.root, written };
}

/** Whether a name that a change builds on is there as a loose object. */
export function hasLooseObject(snapshots: string, id: string): boolean {
  return existsSync(objectFile(snapshots, id));
}

/** Forces objects to the disk. */
export function syncObjects(files: readonly string[]): void {
  for (const file of files) {
    const handle = openSync(file, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}

/** Names a commit. A repository whose names are not files (reftable) is none of ours: false. */
export function writeRef(snapshots: string, ref: string, commit: string): boolean {
  if (existsSync(path.join(snapshots, 'reftable'))) return false;
  const file = path.join(snapshots, ref);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${commit}\n`);
  renameSync(`${file}.new`, file);
  return true;
}

interface Trees {
  readonly root: string;
  readonly objects: ReadonlyMap<string, Buffer>;
}

/** The same files are asked for twice: as what is new, and the next time as what was before. */
const remembered = new WeakMap<ReadonlyMap<BytePath, FileState>, Trees>();

function treesOf(files: ReadonlyMap<BytePath, FileState>): Trees {
  const known = remembered.get(files);
  if (known !== undefined) return known;
  const trees = buildTrees(files);
  remembered.set(files, trees);
  return trees;
}

interface Entry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** Every tree of the files; folders come before the folders that they are in. */
function buildTrees(files: ReadonlyMap<BytePath, FileState>): Trees {
  const folders = new Map<BytePath, Entry[]>();
  const entriesOf = (folder: BytePath): Entry[] => {
    let entries = folders.get(folder);
    if (entries === undefined) {
      if (folder !== '') entriesOf(parentOf(folder));
      folders.set(folder, (entries = []));
    }
    return entries;
  };
  entriesOf('' as BytePath);
  for (const [file, { mode, id }] of files) {
    entriesOf(parentOf(file)).push({ mode, name: nameOf(file), id });
  }
  const objects = new Map<string, Buffer>();
  let root = '';
  // A folder is put in the map after its parent, so backwards each comes before its parent.
  for (const [folder, entries] of [...folders].reverse()) {
    const content = treeContent(entries);
    root = objectId('tree', content);
    objects.set(root, content);
    if (folder !== '') folders.get(parentOf(folder))?.push({ mode: '40000', name: nameOf(folder), id: root });
  }
  return { root, objects };
}

function nameOf(file: BytePath): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** In git's order: by bytes, a folder as if its name ended in a slash. */
function treeContent(entries: readonly Entry[]): Buffer {
  const key = ({ mode, name }: Entry) => (mode === '40000' ? `${name}/` : name);
  const sorted = entries
    .map((entry) => ({ entry, key: key(entry) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return Buffer.concat(
    sorted.flatMap(({ entry: { mode, name, id } }) => [
      pathBytes(`${mode} ${name}\0` as BytePath),
      Buffer.from(id, 'hex'),
    ]),
  );
}

type Kind = 'blob' | 'tree' | 'commit';

function objectId(kind: Kind, content: Buffer): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

function objectFile(snapshots: string, id: string): string {
  return path.join(snapshots, 'objects', id.slice(0, 2), id.slice(2));
}

/** Also over one that is there: after a power cut it may be empty. */
function writeObject(snapshots: string, kind: Kind, content: Buffer, id: string): string {
  const file = objectFile(snapshots, id);
  const bytes = deflateSync(Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content]), {
    level: 1, // Small files that are written while somebody waits.
  });
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = path.join(snapshots, 'objects', `tmp_obj_${process.pid}_${id}`);
  writeFileSync(temporary, bytes, { mode: 0o444 });
  renameSync(temporary, file);
  return file;
}
