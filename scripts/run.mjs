// Runs one of the project's jobs with the Node that the project brings, after installing what is missing.
// Node's own modules only: node_modules may not exist yet.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { ensureDependencies, projectNode, root } from './project.mjs';

const [job, ...rest] = process.argv.slice(2);

const JOBS = {
  build: [['scripts/build.mjs']],
  watch: [['scripts/build.mjs', '--watch']],
  check: [['scripts/check.mjs']],
  package: [['scripts/package.mjs']],
  bench: [['scripts/bench.mjs']],
  faults: [['scripts/faults.mjs']],
  winnow: [['dist/cli.js']],
};

if (!(job in JOBS)) {
  console.error(`Unknown job "${job}". There are: ${Object.keys(JOBS).join(', ')}.`);
  process.exit(2);
}

ensureDependencies();
const node = projectNode();
if (job === 'winnow') {
  // In a checkout the command must be there before it can run; it works on the folder where the person stands.
  const { ensureBuilt } = await import('./project.mjs');
  ensureBuilt();
}
for (const [file, ...args] of JOBS[job]) {
  const last = JOBS[job].at(-1)[0] === file;
  const { code, signal } = await run([path.resolve(root, file), ...args, ...(last ? rest : [])]);
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  if (code !== 0) process.exit(code ?? 1);
}

/** Stays until the job has ended: Ctrl-C is the job's to answer, and the terminal tells it by itself. */
function run(args) {
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env });
  process.removeAllListeners('SIGINT').on('SIGINT', () => {});
  process.removeAllListeners('SIGTERM').on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
}
