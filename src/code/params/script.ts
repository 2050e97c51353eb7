import { type PythonFile, parsePython } from '../python';
import { type Module, type Source, importedModules } from './modules';

/** A script and what lies around it, as far as it is read. All paths are relative to the folder that it runs in. */
export interface Script {
  readonly path: string;
  readonly file: PythonFile;
  /** The text of a file; null when there is none, or it is not read yet. */
  text(path: string): string | null;
  /** The names in a folder; empty when there is none, or it is not read yet. */
  names(folder: string): readonly string[];
  python(path: string): PythonFile | null;
  /** Modules of the folder that the script imports, with what it uses of them. */
  readonly modules: readonly Module[];
  /** The script itself and its modules. */
  readonly sources: readonly Source[];
}

/** What was read so far, and what somebody asked for since. */
export interface KnownFiles {
  readonly texts: ReadonlyMap<string, string | null>;
  readonly folders: ReadonlyMap<string, readonly string[]>;
  askText(path: string): void;
  askFolder(path: string): void;
  /** Parsed files by path: the same text is parsed once. */
  readonly parsed: Map<string, PythonFile>;
}

/** A script that stands alone: no file around it is known. */
export function scriptAlone(file: PythonFile): Script {
  const sources = [itself(file)];
  return {
    path: 'script.py',
    file,
    text: () => null,
    names: () => [],
    python: () => null,
    modules: [],
    sources,
  };
}

/** A script among the files that are known. Asking for another file notes it, to be read before the next time. */
export function scriptAmong(path: string, file: PythonFile, known: KnownFiles): Script {
  let modules: readonly Module[] | null = null;
  const script: Script = {
    path,
    file,
    text(other) {
      const text = known.texts.get(other);
      if (text === undefined) known.askText(other);
      return text ?? null;
    },
    names(folder) {
      const names = known.folders.get(folder);
      if (names === undefined) known.askFolder(folder);
      return names ?? [];
    },
    python(other) {
      const parsed = known.parsed.get(other);
      if (parsed !== undefined) return parsed;
      const text = script.text(other);
      if (text === null) return null;
      const file = parsePython(text);
      known.parsed.set(other, file);
      return file;
    },
    get modules() {
      modules ??= importedModules(script);
      return modules;
    },
    get sources() {
      return [itself(file), ...script.modules];
    },
  };
  return script;
}

function itself(file: PythonFile): Source {
  return { path: null, file, uses: new Set(), isReached: () => true };
}
