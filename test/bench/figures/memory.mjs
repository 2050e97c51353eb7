import path from 'node:path';
import { startClient } from '../lib/clients.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { runToEnd, temporaryFolder, wait } from '../lib/owned.mjs';
import { median } from '../lib/statistics.mjs';
import { startPeer, startWinnow } from '../lib/targets.mjs';

const LOAD_SECONDS = 10;
const CALLS = 500; // So that what is loaded on first use is loaded.
const SETTLE_MS = 3_000;
const READINGS = 5;

/** The memory of a server (and its workers): with eight clients that write at once, and when it has nothing to do. */
export const memory = {
  name: 'memory',
  async measure(bench) {
    const folder = path.join(await temporaryFolder('store'), 'project');
    const value = await bench.attempt('winnow', () =>
      megabytes(bench, async () => startWinnow(await bench.winnow(), folder)),
    );
    const peer = await bench.attempt('peer', () => megabytes(bench, startPeer));
    return [
      figure({
        name: 'idle_memory',
        unit: 'MB',
        value: value?.idle ?? null,
        peer: peer?.idle ?? null,
        budget: atMost(90, '≤ 90 MB'),
      }),
      figure({ name: 'load_memory', unit: 'MB', value: value?.load ?? null, peer: peer?.load ?? null }),
    ];
  },
};

async function megabytes(bench, startServer) {
  const server = await startServer();
  try {
    const client = await startClient('log_metric.py', [], server);
    await client.turn(CALLS);
    await client.close();
    await wait(SETTLE_MS);
    const readings = [];
    for (let reading = 0; reading < READINGS; reading++) {
      readings.push(await treeMegabytes(server.pid));
      await wait(200);
    }
    return { idle: median(readings), load: await underLoad(server, bench.quick ? 2 : LOAD_SECONDS) };
  } finally {
    await server.close();
  }
}

/** The most that was seen while eight clients log single metrics and one logs batches of 1,000. */
async function underLoad(server, seconds) {
  const [writers, batches] = [
    await startClient('writers.py', [8], server),
    await startClient('log_batch.py', [], server),
  ];
  let most = 0;
  let isWorking = true;
  const watch = (async () => {
    while (isWorking) {
      most = Math.max(most, await treeMegabytes(server.pid));
      await wait(200);
    }
  })();
  await Promise.all([writers.turn(seconds), batches.turn(seconds * 5)]);
  isWorking = false;
  await watch;
  await writers.close();
  await batches.close();
  return most;
}

/** The resident memory of a process and all below it, in MB of a million bytes. */
async function treeMegabytes(root) {
  const { stdout } = await runToEnd('ps', ['-axo', 'pid=,ppid=,rss=']);
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([root]);
  for (let before = 0; before !== tree.size;) {
    before = tree.size;
    for (const [pid, parent] of processes) if (tree.has(parent)) tree.add(pid);
  }
  const kibibytes = processes.filter(([pid]) => tree.has(pid)).reduce((sum, [, , rss]) => sum + rss, 0);
  return (kibibytes * 1024) / 1e6;
}
