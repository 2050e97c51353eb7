import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../../scripts/project.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { runToEnd, temporaryFolder, wait } from '../lib/owned.mjs';
import { systemPython } from '../lib/python.mjs';
import { median } from '../lib/statistics.mjs';
import { startWinnow } from '../lib/targets.mjs';

const SCRIPT = 'print_lines.py';
const PER_SECOND = 100_000;
const SECONDS = 5;
const AS_FAST_AS_IT_CAN = 1_000_000_000;

/**
 * What a script pays for its output being kept and read for metrics, when it prints 100,000 lines a second (one of a
 * hundred has metrics), and when it prints as fast as it can (each has): against plain `python script > file`.
 */
export const output = {
  name: 'output',
  async measure(bench) {
    const python = await systemPython();
    const winnow = await bench.winnow();
    const folder = await temporaryFolder('output');
    await copyFile(path.join(root, 'test/bench/clients', SCRIPT), path.join(folder, SCRIPT));
    await startWinnow(winnow, folder);
    const lines = PER_SECOND * (bench.quick ? 1 : SECONDS);

    const kept = async (args) => {
      const [command, ...first] = winnow.command;
      const options = { cwd: folder, env: winnow.env };
      // Nobody follows it: a reader of the output would take its share of the machine.
      const run = [
        'run',
        '--folder',
        folder,
        '--detach',
        '--python',
        python,
        '--',
        SCRIPT,
        ...args.map(String),
      ];
      await runToEnd(command, [...first, ...run], options);
      const { runId, metrics } = await endedRun(() =>
        runToEnd(command, [...first, 'runs', '--json', '--folder', folder], options),
      );
      const text = await readFile(path.join(folder, '.winnow', 'runs', runId, 'output.log'), 'utf8');
      if (metrics.accuracy === undefined) bench.note('output: the metrics did not arrive.');
      return {
        seconds: Number(/took ([\d.]+)/.exec(text)[1]),
        lost: lines + 1 - text.trimEnd().split('\n').length,
      };
    };
    const plain = async (args) => {
      // Without a buffer as Winnow runs it, so that what is printed is seen at once.
      const env = { ...winnow.env, PYTHONUNBUFFERED: '1' };
      const toFile = ['-c', 'exec "$@" > plain.txt', 'sh', python, SCRIPT, ...args.map(String)];
      await runToEnd('sh', toFile, { cwd: folder, env });
      return Number(/took ([\d.]+)/.exec(await readFile(path.join(folder, 'plain.txt'), 'utf8'))[1]);
    };

    const measured = async (args) => {
      const own = [];
      const floor = [];
      for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
        own.push(await kept(args));
        floor.push(await plain(args));
      }
      const seconds = median(own.map((each) => each.seconds));
      return { seconds, floor: median(floor), lost: Math.max(...own.map(({ lost }) => lost)) };
    };
    const steady = await measured([lines, PER_SECOND, 100]);
    const fast = await measured([lines, AS_FAST_AS_IT_CAN, 1]);
    return [
      figure({
        name: 'output_100k_a_second',
        unit: 's',
        value: steady.seconds,
        floor: steady.floor,
        budget: atMost(steady.floor * 1.02, '≤ floor + 2 %'),
      }),
      figure({ name: 'output_as_fast_as_it_can', unit: 's', value: fast.seconds, floor: fast.floor }),
      figure({
        name: 'output_lines_lost',
        unit: 'lines',
        value: Math.max(steady.lost, fast.lost),
        budget: atMost(0, 'none'),
      }),
    ];
  },
};

/** The newest run, once it is over. */
async function endedRun(ask) {
  for (;;) {
    const { stdout } = await ask();
    const [run] = JSON.parse(stdout).runs;
    if (!['queued', 'running'].includes(run.state)) return run;
    await wait(1_000);
  }
}
