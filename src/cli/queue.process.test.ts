import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { delay } from '../base/abort';
import { findEndpoint } from '../platform/endpoint';
import { lifeOf, signalProcess } from '../platform/identity';
import { runProgram } from '../platform/spawn';
import { storeState } from '../platform/stateFolder';
import { bundleCommand, temporaryFolder, temporaryStateHome } from '../platform/testing';

let dist = '';

beforeAll(async () => {
  const bundled = await bundleCommand();
  ({ dist } = bundled);
  return bundled.dispose;
}, 60_000);

/** A folder with a script that takes a seed and ends when it may. */
async function terminal(idleMs = 60_000) {
  const stateHome = await temporaryStateHome();
  const folder = await temporaryFolder('queue');
  const server = async () => findEndpoint(await storeState(folder));
  onTestFinished(async () => {
    const endpoint = await server();
    if (endpoint === null) return;
    await signalProcess(endpoint.identity, 'SIGTERM');
    while ((await lifeOf(endpoint.identity)) === 'alive') await delay(5);
  });
  const log = path.join(folder, 'said');
  await writeFile(log, '');
  await writeFile(
    path.join(folder, 'train.py'),
    `import argparse, os, time
p = argparse.ArgumentParser(); p.add_argument("--seed", type=int, default=3); seed = p.parse_args().seed
with open(${JSON.stringify(log)}, "a") as log: log.write(f"{seed}\\n")
while not os.path.exists(${JSON.stringify(log)} + f".{seed}"): time.sleep(0.01)
`,
  );
  const winnow = async (...args: string[]) => {
    const env = {
      ...process.env,
      WINNOW_STATE_HOME: stateHome,
      WINNOW_GRACE_MS: '300',
      WINNOW_IDLE_MS: String(idleMs),
    };
    const { stdout, stderr, code } = await runProgram(
      process.execPath,
      [path.join(dist, 'cli.js'), ...args, '--folder', folder],
      { env },
    );
    return { out: stdout.toString(), err: stderr.toString(), code };
  };
  async function said(...seeds: number[]) {
    while ((await readFile(log, 'utf8')) !== seeds.map((seed) => `${seed}\n`).join('')) await delay(10);
  }
  const json = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await winnow(...args, '--json')).out);
  return { folder, server, winnow, json, said, release: (seed: number) => writeFile(`${log}.${seed}`, '') };
}

test('a script that is run several times waits with a seed each, and its order is changed by words', async () => {
  const { winnow, json, said, release } = await terminal();
  // Options of the command come before the script.
  const added = await winnow('run', '--times', '3', '--queue', '--name', 'try', '--json', 'train.py');
  expect(JSON.parse(added.out)).toMatchObject({
    runs: [{ name: 'try-3', seed: 3 }, { seed: 4 }, { seed: 5 }],
  });
  await said(3);
  expect(await json('queue')).toMatchObject({
    queue: { slots: 1, waiting: [{ name: 'try-4' }, { name: 'try-5' }] },
  });
  expect(await json('queue', 'move', 'try-5', 'top')).toMatchObject({
    queue: { waiting: [{ name: 'try-5' }, {}] },
  });
  const listed = await winnow('queue', 'pause');
  expect(listed.out).toMatch(
    /^The queue is paused.*\n +name .*\n1 +try-5 .*\n2 +try-4 .*\n1 of 1 slots in use\.\n$/,
  );
  await winnow('queue', 'remove', 'try-4');
  await release(3);
  await winnow('queue', 'resume');
  await said(3, 5);
  await release(5);
  expect(await json('show', 'try-5')).toMatchObject({ params: { seed: '5' } });
  expect(await winnow('queue', 'move', 'try-4', 'up')).toMatchObject({
    code: 2,
    err: expect.stringContaining('does not wait'),
  });
  expect((await json('show', 'try-4')) as object).toMatchObject({ state: 'stopped' });
});

test('runs that are started together are followed to their end, each line with its name', async () => {
  const { folder, winnow } = await terminal();
  await writeFile(
    path.join(folder, 'prints.py'),
    `import argparse, sys
p = argparse.ArgumentParser(); p.add_argument("--seed", type=int, default=3); seed = p.parse_args().seed
print("10%\\r100%"); print("seed", seed, end=""); sys.exit(7 if seed == 4 else 0)
`,
  );
  const { out, err, code } = await winnow('run', '--times', '2', '--name', 'try', 'prints.py');
  expect(out.trim().split('\n').sort()).toEqual([
    'try-3 | 100%',
    'try-3 | seed 3',
    'try-4 | 100%',
    'try-4 | seed 4',
  ]);
  expect(err).toMatch(
    /2 runs in the queue, with seed 3 to 4\..*try-3 \(\w+\) finished\..*try-4 \(\w+\) failed with exit code 7\./s,
  );
  expect(code).toBe(7);
});

test('a server that nobody asks anything lives while runs wait, and goes on when it is killed and comes back', async () => {
  const { winnow, server, said, release, json } = await terminal(300);
  await winnow('run', '--times', '2', '--queue', 'train.py');
  await said(3);
  await delay(600); // Twice as long as a server lives that nobody needs.
  const first = await server();
  if (first === null) throw new Error('The server ended while runs waited.');
  await signalProcess(first.identity, 'SIGKILL');
  await release(3);
  // The runner of the first run starts it again, or whoever asks next does.
  while (
    ((await json('runs')) as { runs: { state: string }[] }).runs.every(({ state }) => state !== 'finished')
  )
    await delay(50);
  await said(3, 4);
  await release(4);
  for (;;) {
    const { runs } = (await json('runs')) as { runs: { state: string }[] };
    if (runs.every(({ state }) => state === 'finished')) break;
    await delay(50);
  }
});
