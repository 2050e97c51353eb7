// Bundles every process into dist/: one file each. With --watch it keeps doing so.
import { chmod, cp, mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const { version } = createRequire(import.meta.url)('../package.json');

/** Bundles of Node processes. VS Code's floor (^1.101.0) brings Node 22.15. */
const PROCESSES = {
  extension: 'src/extension/main.ts',
  // Loaded by the extension when they are first needed, so that its start reads little.
  later: 'src/extension/later.ts',
  languageClient: 'src/extension/languageClient.ts',
  language: 'src/language/main.ts',
  server: 'src/tracking/main.ts',
  runner: 'src/runner/main.ts',
  cli: 'src/cli/start.ts',
  command: 'src/cli/main.ts',
};

/** Bundles of pages. */
const PAGES = {
  charts: 'webview/pages/charts.ts',
  experiment: 'webview/pages/experiment.ts',
  compare: 'webview/pages/compare.ts',
  params: 'webview/pages/params.ts',
  run: 'webview/pages/run.ts',
};

const shared = {
  bundle: true,
  minify: !process.argv.includes('--watch'),
  sourcemap: true,
  logLevel: 'warning',
  absWorkingDir: root,
  define: { WINNOW_VERSION: JSON.stringify(version) },
};

const existing = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file))));

const nodeOptions = {
  ...shared,
  entryPoints: existing(PROCESSES),
  outdir: dist,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  external: ['vscode'],
};

// The command may be typed with whatever `node` a shell has; it then looks for a fit one for the server.
const cliOptions = {
  ...nodeOptions,
  entryPoints: existing({ cli: PROCESSES.cli, command: PROCESSES.command }),
  target: 'node18',
  banner: { js: '#!/usr/bin/env node' },
};
nodeOptions.entryPoints = existing(
  Object.fromEntries(Object.entries(PROCESSES).filter(([n]) => !(n in cliOptions.entryPoints))),
);

const pageOptions = {
  ...shared,
  entryPoints: existing(PAGES),
  outdir: path.join(dist, 'webview'),
  platform: 'browser',
  target: 'es2023',
  format: 'iife',
  tsconfig: path.join(root, 'webview/tsconfig.json'),
  loader: { '.ttf': 'file' },
};

async function copyAssets() {
  await mkdir(path.join(dist, 'webview'), { recursive: true });
  await cp(path.join(root, 'node_modules/better-sqlite3/prebuilds'), path.join(dist, 'sqlite'), {
    recursive: true,
  });
  const codicons = path.join(root, 'node_modules/@vscode/codicons/dist');
  for (const name of ['codicon.css', 'codicon.ttf']) {
    await cp(path.join(codicons, name), path.join(dist, 'webview', name));
  }
  if (existsSync(path.join(root, 'python'))) {
    await cp(path.join(root, 'python'), path.join(dist, 'python'), { recursive: true });
  }
}

if (!process.argv.includes('--watch')) await rm(dist, { recursive: true, force: true });
await copyAssets();
const jobs = [nodeOptions, cliOptions, pageOptions].filter((o) => Object.keys(o.entryPoints).length > 0);
if (process.argv.includes('--watch')) {
  for (const options of jobs) await (await esbuild.context(options)).watch();
  console.log('Watching. Press F5 in VS Code to start the extension.');
} else {
  const ends = await Promise.allSettled(jobs.map((options) => esbuild.build(options)));
  await chmod(path.join(dist, 'cli.js'), 0o755).catch(() => {
    /* The build of the command failed, which is said below. */
  });
  // esbuild has told what is wrong and where; its stack would only hide it.
  if (ends.some(({ status }) => status === 'rejected')) process.exitCode = 1;
}
