import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { startClient } from '../lib/clients.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { temporaryFolder } from '../lib/owned.mjs';
import { median } from '../lib/statistics.mjs';
import { startWinnow } from '../lib/targets.mjs';

/**
 * How long Winnow's activation keeps the extension host of a window: its code read and run, in a folder with a
 * store whose server is not running; the floor is an extension that does nothing. And that it is not activated at all in a window without experiments.
 */
export const activation = {
  name: 'activation',
  async measure(bench) {
    const command = await bench.winnow();
    const folder = path.join(await temporaryFolder('project'), 'project');
    const store = path.join(folder, '.winnow');
    const storeAside = path.join(folder, 'store-aside');
    await mkdir(folder);
    await makeStore(command, folder);
    await rename(store, storeAside);

    const editor = await bench.editor();
    const answers = [];
    for (let round = 0; round < (bench.quick ? 2 : 9); round++) {
      // Each window has an extension host of its own. It opens without experiments, and gets them then.
      const window = await editor.open(folder, { do: 'activate', storeAside, store });
      answers.push(window.answer);
      await window.close();
      await command.endServers();
      await rename(store, storeAside);
    }
    bench.version('vscode', answers[0].vscode);
    const early = answers.some(({ wasActive }) => wasActive);
    if (early) bench.note('activation: Winnow was active in a window without experiments.');
    const row = (name, which, budget) =>
      figure({
        name,
        unit: 'ms',
        value: early ? null : median(answers.map(({ winnow }) => winnow[which])),
        floor: median(answers.map(({ floor }) => floor[which])),
        budget,
      });
    return [
      row('activation', 'ms', atMost(30, '≤ 30 ms')),
      row('activation_cpu', 'cpuMs'),
      figure({
        name: 'activation_empty',
        unit: 'times',
        value: answers.filter(({ wasActive }) => wasActive).length,
        budget: atMost(0, 'never'),
      }),
    ];
  },
};

async function makeStore(winnow, folder) {
  const server = await startWinnow(winnow, folder);
  const client = await startClient('log_metric.py', [], server);
  await client.turn(100);
  await client.close();
  await server.close();
}
