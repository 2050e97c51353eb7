import type { ParamSource, ParamSpec } from '../../model/param';
import { parsePython } from '../python';
import { paramsOf } from './readers';
import { type KnownFiles, scriptAmong } from './script';

/** The files of the folder that a script runs in; paths are relative to it, with `/` between. */
export interface ScriptFiles {
  /** The text of a file; null when there is none or it cannot be read. */
  read(relativePath: string): Promise<string | null>;
  /** The names of the files in a folder; without it nobody knows the choices of Hydra's groups. */
  list?(relativeFolder: string): Promise<readonly string[]>;
}

/** What a script takes, and where that was found. */
export interface ScriptParams {
  readonly specs: readonly ParamSpec[];
  /** Where the params come from, each once, in the order of the params. */
  readonly sources: readonly ParamSource[];
  /** The files that were read to find them, the script first. */
  readonly files: readonly string[];
}

const MOST_ROUNDS = 12; // A file names a file that names a file: configs of real projects go three deep.
const MOST_FILES = 80;
const MOST_CHARACTERS = 2_000_000; // Of one file: what is longer is data.

/**
 * The params that a script takes, found by reading it, the modules of its folder that it imports, and the configs
 * that it loads. Nothing is executed and nothing outside the folder is read. A script that is not there has none.
 * @param script relative to the folder that it runs in.
 */
export async function readScriptParams(script: string, files: ScriptFiles): Promise<ScriptParams> {
  const path = normalized(script);
  const source = path === null ? null : await files.read(path);
  if (path === null || source === null) return { specs: [], sources: [], files: [] };
  const texts = new Map<string, string | null>([[path, source]]);
  const folders = new Map<string, readonly string[]>();
  const parsed: KnownFiles['parsed'] = new Map();
  // A notebook is no Python, and what is that long is data: neither has to be parsed.
  const isCode = !path.endsWith('.ipynb') && source.length <= MOST_CHARACTERS;
  const file = isCode ? parsePython(source) : { ...parsePython(''), source };
  let specs: readonly ParamSpec[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const wanted = { texts: new Set<string>(), folders: new Set<string>() };
    const known: KnownFiles = {
      texts,
      folders,
      parsed,
      askText: (other) => wanted.texts.add(other),
      askFolder: (other) => wanted.folders.add(other),
    };
    specs = paramsOf(scriptAmong(path, file, known));
    if (wanted.texts.size + wanted.folders.size === 0) break;
    await Promise.all([
      ...[...wanted.texts].map(async (other) => {
        const isWithin = normalized(other) === other && texts.size < MOST_FILES;
        const text = isWithin ? await files.read(other) : null;
        texts.set(other, text !== null && text.length <= MOST_CHARACTERS ? text : null);
      }),
      ...[...wanted.folders].map(async (other) => {
        const isWithin = normalized(other) === other && folders.size < MOST_FILES;
        folders.set(other, isWithin ? ((await files.list?.(other)) ?? []) : []);
      }),
    ]);
  }
  return {
    specs,
    sources: [...new Set(specs.map((spec) => spec.source))],
    files: [...texts].flatMap(([name, text]) => (text === null ? [] : [name])),
  };
}

/** A relative path without `.` and `..`, or null when it leaves the folder. */
export function normalized(path: string): string | null {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return null;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
