// Brings what a job needs beyond the packages of package-lock.json: an editor, a browser, a Python environment.
// Each is made once, kept in an ignored folder, and made again when what it was made from changes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cache, platformPackage, root, run } from './project.mjs';

/** code-server 4.139.1 carries VS Code 1.139.1 whole: workbench, server and extension host. */
const CODE_SERVER = '4.139.1';

/** A browser for tests: no window, no sandbox (containers have none), nothing that calls home. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** VS Code's own server as npm brings it: returns the folder that holds out/server-main.js. */
export async function ensureEditor() {
  const folder = path.join(root, '.vscode-test', `code-server-${CODE_SERVER}`);
  const editor = path.join(folder, 'node_modules/code-server/lib/vscode');
  await makeOnce(folder, 'VS Code (570 MB, about a minute)', () => {
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    npm(['install', `code-server@${CODE_SERVER}`], folder);
    // npm ci fails here: the package ships a shrinkwrap that does not match its package.json.
    npm(['install', '--omit=dev'], editor);
    buildNativeParts(editor);
  });
  return editor;
}

/** Without these two a development extension host does not start; all else comes prebuilt. */
function buildNativeParts(editor) {
  const nodeDirectory = path.join(root, 'node_modules', platformPackage() ?? '');
  const env = { ...process.env };
  // The project's Node brings its headers on Linux; elsewhere node-gyp fetches them.
  if (existsSync(path.join(nodeDirectory, 'include/node'))) env.npm_config_nodedir = nodeDirectory;
  const rebuild = () =>
    run('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', '--loglevel=error'], {
      cwd: editor,
      env,
    });
  try {
    rebuild();
  } catch (error) {
    if (!installDebianPackages(['g++', 'make', 'python3'])) {
      throw new Error(
        `VS Code's native parts need a C++ compiler, make and python3: install them and try again. ${error.message}`,
      );
    }
    rebuild();
  }
}

/** A Chromium or Chrome for the tests: $CHROME_PATH, the usual places, or Debian's package. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (installDebianPackages(['chromium'])) {
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium or Chrome was found. Install one (on Debian: apt-get install chromium) ' +
      'or set CHROME_PATH to its program, and try again.',
  );
}

function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROME_PATH names ${named}, which does not exist.`);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const places = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  if (process.platform === 'darwin') {
    for (const applications of ['/Applications', path.join(homedir(), 'Applications')]) {
      places.push(path.join(applications, 'Google Chrome.app/Contents/MacOS/Google Chrome'));
      places.push(path.join(applications, 'Chromium.app/Contents/MacOS/Chromium'));
    }
  }
  return places.find((place) => existsSync(place) && statSync(place).isFile());
}

/** False when this is not Debian (or kin), or not root's shell. */
function installDebianPackages(names) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.error(`Installing ${names.join(', ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env });
  return true;
}

/**
 * A virtual environment with exactly what a requirements file pins. Returns its folder.
 * It is keyed by the file's content and the Python's version, so two files with the same content share one.
 */
export async function ensurePython(requirementsFile) {
  const python = findPython();
  const requirements = readFileSync(requirementsFile);
  const key = createHash('sha256').update(python.version).update(requirements).digest('hex').slice(0, 16);
  const folder = path.join(cache, 'python', key);
  const label = `the Python environment of ${path.relative(root, requirementsFile)}`;
  await makeOnce(folder, label, () => {
    makeVirtualEnvironment(python.command, folder);
    run(path.join(folder, 'bin/python'), [
      ...['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--requirement', requirementsFile],
    ]);
  });
  return folder;
}

function makeVirtualEnvironment(python, folder) {
  const args = ['-m', 'venv', folder];
  try {
    run(python, args, { stdio: 'ignore' });
  } catch {
    // Debian keeps ensurepip in a package of its own.
    if (!installDebianPackages(['python3-venv'])) {
      throw new Error(
        `${python} cannot make a virtual environment: on Debian and Ubuntu install python3-venv and try again.`,
      );
    }
    run(python, args);
  }
}

/** The first Python on the PATH that is new enough for the example: scikit-learn 1.9 needs 3.11. */
function findPython() {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
  for (const command of names) {
    const code = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
    const { stdout, status } = spawnSync(command, ['-c', code], { encoding: 'utf8' });
    if (status !== 0) continue;
    const version = stdout.trim();
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= 11) return { command, version };
  }
  throw new Error('The example needs Python 3.11 or newer: install one, put it on the PATH and try again.');
}

/**
 * Makes a folder by `work` unless it is there whole. A stamp at the end says whole; a lock beside it keeps
 * two terminals from making the same thing at once, and one whose owner died is taken over.
 */
async function makeOnce(folder, label, work) {
  const stamp = path.join(folder, '.complete');
  if (existsSync(stamp)) return;
  mkdirSync(path.dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  for (let told = false; !takeLock(lock); told = true) {
    if (!told) console.error(`Waiting for another terminal that sets up ${label} …`);
    await sleep(500);
  }
  try {
    if (existsSync(stamp)) return;
    console.error(`Setting up ${label} …`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await work();
    writeFileSync(stamp, `${new Date().toISOString()}\n`);
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isAlive(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // An empty file was opened a moment ago by an owner that has yet to write its number.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function npm(args, cwd) {
  run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
}
