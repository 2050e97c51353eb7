import { appendFile, copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../../scripts/project.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { runToEnd, temporaryFolder, wait } from '../lib/owned.mjs';
import { systemPython } from '../lib/python.mjs';
import { median } from '../lib/statistics.mjs';
import { startWinnow } from '../lib/targets.mjs';

const FILES = 1_000;
const MANY_FILES = 20_000;
const SCRIPT = 'first_line.py';
const EDIT_MS = 2_000; // A person who edits between two runs takes longer; the next runner is booted meanwhile.

/**
 * How long after a person pressed Enter the script's first line runs: `winnow run` against plain `python`, in a
 * repository of 1,000 files. Warm: the server runs and the snapshot before knew all files but the edited script.
 * Cold: the first run ever in its folder, with no server. Many: warm, in a repository of 20,000 files.
 */
export const firstLine = {
  name: 'first_line',
  async measure(bench) {
    const python = await systemPython();
    const winnow = await bench.winnow();
    const repository = await makeRepository();
    await startWinnow(winnow, repository);

    const viaWinnow = (folder) => {
      const [command, ...args] = winnow.command;
      const run = ['run', '--folder', folder, '--python', python, '--', SCRIPT];
      return timeToFirstLine(command, [...args, ...run], { cwd: folder, env: winnow.env });
    };
    const plain = () => timeToFirstLine(python, [SCRIPT], { cwd: repository, env: winnow.env });

    // The first run takes the first snapshot and installs the programs: not what is meant by warm.
    await viaWinnow(repository);
    await plain();
    const warm = [];
    const floor = [];
    for (let round = 0; round < (bench.quick ? 3 : 20); round++) {
      await wait(EDIT_MS);
      await appendFile(path.join(repository, SCRIPT), `# edit ${round}\n`);
      warm.push(await viaWinnow(repository));
      floor.push(await plain());
    }
    const large = await makeRepository(MANY_FILES);
    const server = await startWinnow(winnow, large);
    await viaWinnow(large);
    const many = [];
    for (let round = 0; round < (bench.quick ? 2 : 8); round++) {
      await wait(EDIT_MS);
      await appendFile(path.join(large, SCRIPT), `# edit ${round}\n`);
      many.push(await viaWinnow(large));
    }
    await server.close();
    const cold = [];
    for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
      const fresh = await makeRepository();
      cold.push(await viaWinnow(fresh));
      await (await startWinnow(winnow, fresh)).close();
    }

    const row = (name, times, which, budget) =>
      figure({
        name,
        unit: 'ms',
        value: median(times.map((time) => time[which])),
        floor: median(floor.map((time) => time[which])),
        budget: budget?.(median(floor.map((time) => time[which]))),
      });
    return [
      row('first_line', warm, 'ranMs', (plainMs) => atMost(plainMs + 80, '≤ floor + 80 ms')),
      row('first_line_shown', warm, 'shownMs'),
      row('first_line_20k', many, 'ranMs', (plainMs) => atMost(plainMs + 500, '≤ floor + 500 ms')),
      row('first_line_cold', cold, 'ranMs'),
    ];
  },
};

/** The script tells the moment of its first line; this process sees when the line arrives. */
async function timeToFirstLine(command, args, options) {
  let shownAt;
  const startedAt = Date.now();
  const { stdout } = await runToEnd(command, args, {
    ...options,
    onOutput: (text) => (shownAt ??= NANOSECONDS.test(text) ? Date.now() : undefined),
  });
  const line = NANOSECONDS.exec(stdout);
  if (line === null) throw new Error(`The script's line did not come out. It said: ${stdout}`);
  return { ranMs: Number(line[0]) / 1e6 - startedAt, shownMs: shownAt - startedAt };
}

/** What `time.time_ns()` prints. */
const NANOSECONDS = /^\d{19}$/m;

/** A git repository with many small committed files and the script. */
async function makeRepository(files = FILES) {
  const folder = await temporaryFolder('repository');
  for (let index = 0; index < files; index++) {
    const directory = path.join(folder, `package${index % 50}`);
    if (index < 50) await mkdir(directory);
    await writeFile(path.join(directory, `module${index}.py`), `VALUE = ${index}\n`.repeat(40));
  }
  await copyFile(path.join(root, 'test/bench/clients', SCRIPT), path.join(folder, SCRIPT));
  const git = (...args) => runToEnd('git', ['-C', folder, ...args]);
  await git('init', '--quiet');
  await git('add', '.');
  const author = ['-c', 'user.name=Bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false'];
  await git(...author, 'commit', '--quiet', '--message', 'Start');
  return folder;
}
