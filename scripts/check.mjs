// npm run check: types, lint, formatting and unit tests, side by side; each one's output comes when it is done.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { root } from './project.mjs';

const bin = (name) => path.join(root, 'node_modules', ...name.split('/'));

/** Types of one part; what did not change since the last time is not looked at again. */
const types = (part) => [
  bin('typescript/bin/tsc'),
  ...['-p', part, '--incremental', '--tsBuildInfoFile', `.cache/types/${part}.tsbuildinfo`],
];
const cached = (name) => ['--cache', '--cache-location', `.cache/${name}`];

/** Two cores are kept busy by two rows; the longest things come first. */
const ROWS = [
  {
    'unit tests': [bin('vitest/vitest.mjs'), 'run', '--project', 'unit', ...process.argv.slice(2)],
    formatting: [
      bin('prettier/bin/prettier.cjs'),
      '--check',
      '--log-level',
      'warn',
      ...cached('prettier'),
      '.',
    ],
  },
  {
    lint: [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0', ...cached('eslint')],
    'types of src': types('src'),
    'types of webview': types('webview'),
    'types of test': types('test'),
  },
];

const failed = [];
await Promise.all(
  ROWS.map(async (row) => {
    for (const [name, args] of Object.entries(row)) {
      const { code, output } = await run(args);
      if (code !== 0) failed.push(name);
      process.stdout.write(code === 0 ? `${name}: fine\n` : `${output}\n${name}: failed\n`);
    }
  }),
);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}

function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
