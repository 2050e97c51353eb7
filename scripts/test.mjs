// npm test: every level in order, or the ones that are named: npm test -- unit editor.
// Ends with the line "N passed, N failed"; a level that fails to start or runs no test counts as failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { cache, ensureBuilt, ensureDependencies, projectNode, root } from './project.mjs';

const results = path.join(cache, 'test');
const MOST_FAILURES = 12; // Repeated at the end, each with so many lines.
const MOST_LINES = 3;

/** From the quick ones to the ones that need a whole editor. */
const LEVELS = {
  unit: { title: 'single parts, in plain Node', command: vitest },
  processes: { title: 'single parts with the programs that they start', command: vitest },
  pages: { title: 'pages in a browser, without an editor', command: vitest },
  contract: {
    title: 'every member of a family against its fixtures',
    command: vitest,
    folder: 'test/contract',
  },
  clients: { title: 'the real MLflow client against the real server', command: vitest },
  faults: { title: 'servers that are killed under load', command: vitest },
  editor: { title: 'the extension inside a real VS Code', command: editorTests },
  journeys: { title: "a person's way through the packed extension", command: vitest },
};

const named = process.argv.slice(2);
// A folder is made with its first file: a level without a folder has no family to test yet.
const existing = Object.keys(LEVELS).filter((level) =>
  existsSync(path.join(root, LEVELS[level].folder ?? '.')),
);
const unknown = named.filter((name) => !(name in LEVELS));
if (unknown.length > 0) {
  console.error(`There is no level ${unknown.join(', ')}. There are: ${Object.keys(LEVELS).join(', ')}.`);
  process.exit(2);
}

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    if (running) endGroup(running);
    process.exit(130);
  });
}

const outcomes = [];
try {
  ensureDependencies();
  ensureBuilt();
  mkdirSync(results, { recursive: true });
  for (const level of named.length > 0 ? named : existing) outcomes.push(await runLevel(level));
} catch (error) {
  console.error(error.message);
  outcomes.push({ level: 'set-up', passed: 0, failed: 1, skipped: 0, seconds: 0, remark: 'see above' });
}
report(outcomes);

async function runLevel(level) {
  const { title, command } = LEVELS[level];
  console.log(`\n── ${level}: ${title}`);
  const summary = path.join(results, `${level}.json`);
  rmSync(summary, { force: true });
  const startedAt = Date.now();
  const code = await runToEnd(command(level, summary));
  return { level, seconds: (Date.now() - startedAt) / 1000, ...judge(code, summary) };
}

function vitest(level, summary) {
  return [
    ...[path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', level],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${summary}`],
  ];
}

function editorTests(_level, summary) {
  return [path.join(root, 'test/vscode/harness/run.mjs'), '--summary', summary];
}

/** A process group of its own, so that whatever a level started ends with it. */
function runToEnd(args) {
  const node = projectNode();
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  running = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const child = running;
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      endGroup(child);
      running = undefined;
      resolve(code ?? 1);
    });
  });
}

function endGroup(child) {
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    /* All of it has ended. */
  }
}

/** What a level's own summary says, and what its exit code adds: vitest and mocha write different files. */
function judge(code, summary) {
  const said = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')) : {};
  const passed = said.passed ?? said.numPassedTests ?? 0;
  const failed = said.failed ?? said.numFailedTests ?? 0;
  const skipped = said.skipped ?? said.numPendingTests ?? 0;
  const failures = failuresIn(said);
  if (passed + failed === 0) return { passed, failed: 1, skipped, failures, remark: 'ran no test' };
  if (code !== 0 && failed === 0)
    return { passed, failed: 1, skipped, failures, remark: `ended with ${code}` };
  return { passed, failed, skipped, failures };
}

/** The tests that failed, each with the first lines of why; a file that cannot be loaded has no tests. */
function failuresIn({ failures = [], testResults = [] }) {
  return [
    ...failures,
    ...testResults.flatMap(({ name, status, message, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status === 'failed');
      if (failed.length === 0 && status === 'failed') return [{ name, message }];
      return failed.map(({ fullName, failureMessages }) => ({
        name: fullName,
        message: failureMessages.join('\n'),
      }));
    }),
  ];
}

/** Once more at the very end, since of a long output often only that is kept. */
function repeatFailures(outcomes) {
  const all = outcomes.flatMap(({ level, failures = [] }) =>
    failures.map((failure) => ({ level, ...failure })),
  );
  for (const { level, name, message } of all.slice(0, MOST_FAILURES)) {
    console.log(`✗ ${level}: ${name}`);
    const lines = stripVTControlCharacters(message)
      .split('\n')
      .filter((line) => line.trim() !== '');
    for (const line of lines.slice(0, MOST_LINES)) console.log(`    ${line.trim().slice(0, 300)}`);
  }
  if (all.length > MOST_FAILURES) console.log(`… and ${all.length - MOST_FAILURES} more.`);
}

function report(outcomes) {
  console.log('');
  repeatFailures(outcomes);
  for (const { level, passed, failed, skipped, seconds, remark } of outcomes) {
    const parts = [`${passed} passed`, `${failed} failed`];
    if (skipped > 0) parts.push(`${skipped} skipped`);
    if (remark) parts.push(remark);
    console.log(`${level.padEnd(10)} ${parts.join(', ')} in ${seconds.toFixed(0)} s`);
  }
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
