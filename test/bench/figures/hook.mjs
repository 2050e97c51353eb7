import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../../scripts/project.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { runToEnd, temporaryFolder } from '../lib/owned.mjs';
import { systemPython } from '../lib/python.mjs';
import { median } from '../lib/statistics.mjs';

const SCRIPT = `import argparse, random
random.seed(1)
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, default=0.1)
parser.parse_args()
`;

/**
 * What the hook in the interpreter adds to a script from its start to its end, against plain `python`: a script that
 * sets a seed and parses flags, so that both are recorded. The starts alternate.
 */
export const hook = {
  name: 'hook',
  async measure(bench) {
    const python = await systemPython();
    const folder = await temporaryFolder('hook');
    const script = path.join(folder, 'flags.py');
    await writeFile(script, SCRIPT);
    // A copy, as scripts get it: Python keeps what it compiled beside it.
    await cp(path.join(root, 'python/hook'), path.join(folder, 'hook'), { recursive: true });
    const hooked = {
      ...process.env,
      PYTHONPATH: path.join(folder, 'hook'),
      WINNOW_HOOK_FILE: path.join(folder, 'hook.jsonl'),
    };
    await timeOf(python, script, hooked);
    const times = { plain: [], hooked: [] };
    for (let round = 0; round < (bench.quick ? 5 : 40); round++) {
      times.plain.push(await timeOf(python, script, process.env));
      times.hooked.push(await timeOf(python, script, hooked));
    }
    const floor = median(times.plain);
    return figure({
      name: 'hook',
      unit: 'ms',
      value: median(times.hooked),
      floor,
      budget: atMost(floor + 20, '≤ floor + 20 ms'),
    });
  },
};

async function timeOf(python, script, env) {
  const startedAt = performance.now();
  await runToEnd(python, [script], { env });
  return performance.now() - startedAt;
}
