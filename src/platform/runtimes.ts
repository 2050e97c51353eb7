import { createHash, randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import {
  access,
  copyFile,
  mkdir,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { UserError } from '../base/errors';
import { readJson, writeFileAtomic } from './atomicFile';
import { withoutHostVariables } from './environment';
import { findOnPath } from './findOnPath';
import { runProgram } from './spawn';
import { makePrivateDirectory, stateHome } from './stateFolder';
import { VERSION } from './version';

/** How to run a file of JavaScript: a program, and what its environment needs besides. */
export interface Runtime {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The programs of Winnow that live on their own, at a place that no update of the editor removes. */
export interface Programs {
  readonly version: string;
  /** The folder that all of them lie in. */
  readonly directory: string;
  readonly server: string;
  readonly runner: string;
  readonly nativeBinding: string;
  /** The folder of what runs in the user's Python. */
  readonly python: string;
  readonly node: Runtime;
}

const SERVER = 'server.js';
const RUNNER = 'runner.js';
const BINDING = 'better_sqlite3.node';
const PYTHON = 'python';

/**
 * Copies the programs to `<state>/bin/<version>-<hash>/` unless they are there, and finds a Node that can load
 * the database's native part. A folder that they were copied to before is taken as it is.
 * @param distDirectory the folder of the bundles.
 * @throws UserError 'node-missing' when no fit Node is found, 'platform-unsupported' on Windows.
 */
export async function installPrograms(distDirectory: string, signal?: AbortSignal): Promise<Programs> {
  refuseWindows();
  const directory = existsSync(path.join(distDirectory, BINDING))
    ? distDirectory
    : await copyPrograms(distDirectory, signal);
  const nativeBinding = path.join(directory, BINDING);
  return {
    ...programsIn(directory),
    node: await findRuntime(nativeBinding, distDirectory, signal),
  };
}

/** The programs in a folder that they were copied to, run by the Node that runs this process. */
export function programsIn(directory: string): Programs {
  return {
    version: VERSION,
    directory,
    server: path.join(directory, SERVER),
    runner: path.join(directory, RUNNER),
    nativeBinding: path.join(directory, BINDING),
    python: path.join(directory, PYTHON),
    node: ownRuntime(),
  };
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw new UserError(
    'platform-unsupported',
    'Winnow does not run on Windows yet. Open the folder in WSL or on a remote Linux machine.',
  );
}

async function copyPrograms(dist: string, signal?: AbortSignal): Promise<string> {
  const sources: Record<string, string> = {
    ...(await pythonSources(dist)),
    [SERVER]: path.join(dist, SERVER),
    [RUNNER]: path.join(dist, RUNNER),
    [BINDING]: path.join(dist, 'sqlite', `${bindingName()}.node`),
  };
  const hash = createHash('sha256');
  for (const [name, source] of Object.entries(sources)) {
    signal?.throwIfAborted();
    hash.update(name).update(await readFile(source));
  }
  const bin = path.join(stateHome(), 'bin');
  const directory = path.join(bin, `${VERSION}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(directory)) {
    await markUsed(directory);
    return directory;
  }

  await makePrivateDirectory(bin);
  await removeUnused(bin);
  const temporary = path.join(bin, `.${randomBytes(6).toString('hex')}`);
  await mkdir(temporary, { mode: 0o700 });
  try {
    for (const [name, source] of Object.entries(sources)) {
      await mkdir(path.dirname(path.join(temporary, name)), { recursive: true });
      await copyFile(source, path.join(temporary, name), constants.COPYFILE_FICLONE);
    }
    await rename(temporary, directory);
  } catch (error) {
    // Somebody else was quicker: the content is the same, for the name says what it is.
    if (!existsSync(directory)) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return directory;
}

/** The modules of the user's Python, by their names within the folder of the programs. */
async function pythonSources(dist: string): Promise<Record<string, string>> {
  const folder = path.join(dist, PYTHON);
  const found = await readdir(folder, { recursive: true }).catch(() => []); // A test's dist may have none.
  const modules = found.filter((name) => name.endsWith('.py')).sort();
  return Object.fromEntries(modules.map((name) => [path.join(PYTHON, name), path.join(folder, name)]));
}

const UNUSED_MS = 90 * 86_400_000; // Longer than a training that has to start its server again.

async function markUsed(directory: string): Promise<void> {
  const now = new Date();
  await utimes(directory, now, now).catch(() => {
    /* Somebody removed it just now: the start that follows says so. */
  });
}

/** Copies of old versions are a few megabytes each. */
async function removeUnused(bin: string): Promise<void> {
  for (const name of await readdir(bin)) {
    const directory = path.join(bin, name);
    const found = await stat(directory).catch(() => null);
    if (found === null || Date.now() - found.mtimeMs < UNUSED_MS) continue;
    await rm(directory, { recursive: true, force: true });
  }
}

/** The name that better-sqlite3 gives the prebuilt file of this machine. */
function bindingName(): string {
  const musl = process.platform === 'linux' && !hasGlibc() ? 'musl' : '';
  return `${process.platform}${musl}-${process.arch}`;
}

function hasGlibc(): boolean {
  return ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].some(existsSync);
}

/** Runtimes that passed, by the file that they are and the native part that they loaded. */
const knownRuntimes = z.object({
  runtimes: z.array(
    z.object({
      command: z.string(),
      env: z.record(z.string(), z.string()),
      modifiedAt: z.number(),
      nativeBinding: z.string(),
    }),
  ),
});

async function findRuntime(nativeBinding: string, dist: string, signal?: AbortSignal): Promise<Runtime> {
  const file = path.join(stateHome(), 'runtimes.json');
  const known = (await readJson(file, knownRuntimes))?.runtimes ?? [];
  const candidates = [ownRuntime(), projectRuntime(dist), ...known, pathRuntime()].filter(
    (runtime) => runtime !== null,
  );

  const tried = new Set<string>();
  for (const { command, env } of candidates) {
    const modifiedAt = await modificationOf(command);
    if (modifiedAt === null || tried.has(command)) continue;
    tried.add(command);
    const passedBefore = known.some(
      (runtime) =>
        runtime.command === command &&
        runtime.modifiedAt === modifiedAt &&
        runtime.nativeBinding === nativeBinding,
    );
    if (passedBefore) return { command, env };
    if (!(await loads(nativeBinding, { command, env }, signal))) continue;
    const others = known.filter((runtime) => runtime.command !== command).slice(0, 19);
    await writeFileAtomic(
      file,
      JSON.stringify({ runtimes: [{ command, env, modifiedAt, nativeBinding }, ...others] }, null, 2),
    );
    return { command, env };
  }
  throw new UserError(
    'node-missing',
    `Winnow's tracking server needs Node.js 22.14 or newer, and ${
      tried.size === 0 ? 'none was found' : `none of these would do: ${[...tried].join(', ')}`
    }. Install Node.js 22 or newer, or open the folder in VS Code once.`,
  );
}

function ownRuntime(): Runtime {
  const env: Record<string, string> =
    process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  return { command: process.execPath, env };
}

/** In a checkout: the Node that the project brings from npm. */
function projectRuntime(dist: string): Runtime | null {
  const { platform, arch } = process;
  for (const name of [`node-${platform}-${arch}`, `node-bin-${platform}-${arch}`]) {
    const command = path.resolve(dist, '..', 'node_modules', name, 'bin', 'node');
    if (existsSync(command)) return { command, env: {} };
  }
  return null;
}

function pathRuntime(): Runtime | null {
  const command = findOnPath('node', process.env['PATH']);
  return command === null ? null : { command, env: {} };
}

async function modificationOf(command: string): Promise<number | null> {
  try {
    const real = await realpath(command);
    await access(real, constants.X_OK);
    return (await stat(real)).mtimeMs;
  } catch {
    /* Gone with an update, or never there: the next one is tried. */
    return null;
  }
}

const PROBE_MS = 20_000; // Far beyond a cold start from a slow disk.

/** Tried in a child: a Node that is too old does not throw here, it dies of a segmentation fault. */
async function loads(nativeBinding: string, runtime: Runtime, signal?: AbortSignal): Promise<boolean> {
  const probe = 'Number(process.versions.napi) >= 10 ? require(process.argv[1]) : process.exit(3)';
  const deadline = AbortSignal.timeout(PROBE_MS);
  try {
    const { code } = await runProgram(
      runtime.command,
      ['-e', probe, nativeBinding],
      { env: { ...withoutHostVariables(process.env), ...runtime.env } },
      signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    );
    return code === 0;
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted || error instanceof UserError) return false;
    throw error;
  }
}
