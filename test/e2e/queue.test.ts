import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

/** Takes a seed, and ends when a file says that it may. */
const SCRIPT = `import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=1)
seed = parser.parse_args().seed
print("seed", seed, flush=True)
while not os.path.exists(os.environ["WINNOW_GATE"]): time.sleep(0.05)
`;

/** Each test goes on where the one before it stopped. */
describe('Runs that wait', () => {
  let desk: Desk;
  let window: Workbench;
  let gate = '';

  beforeAll(async () => {
    desk = await setUpDesk({ folderName: 'queue' });
    gate = path.join(desk.stateHome, 'gate');
    writeFileSync(
      path.join(desk.folder, 'patient.py'),
      SCRIPT.replace('os.environ["WINNOW_GATE"]', JSON.stringify(gate)),
    );
    window = await desk.openWindow();
  });

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('are a script that is run several times: one runs, the others wait with a place each', async () => {
    await window.openFile('patient.py');
    await window.openWinnow();
    await window.runCommand('Winnow: Run Several Times');
    await window.quickInput.answer('5');
    await expect.poll(() => window.experiments.runs(), { timeout: 60_000 }).toHaveLength(5);
    await window.queue.open();
    await expect.poll(async () => (await window.queue.rows()).length, { timeout: 30_000 }).toBe(4);
    const [first = '', second = ''] = await window.queue.rows();
    expect(first).toMatch(/: 1st · for a slot$/);
    expect(second).toMatch(/: 2nd · after \w+-\w+$/);
    expect(await window.queue.description()).toBe('4');
    const described = async () =>
      (await window.experiments.runs()).map(({ description }) => description).sort();
    await expect
      .poll(described)
      .toEqual([expect.stringContaining('running'), 'waits, 1st', 'waits, 2nd', 'waits, 3rd', 'waits, 4th']);
    await window.picture('queue-1-waiting');
  });

  it('are moved by an action, by the mouse, and removed', async () => {
    const names = async () => (await window.queue.rows()).map((row) => row.split(':')[0] ?? '');
    const [a = '', b = '', c = '', d = ''] = await names();
    await window.queue.pressAction(d, 'Move to Top of Queue');
    await expect.poll(names).toEqual([d, a, b, c]);
    await window.queue.pressAction(d, 'Move Down in Queue');
    await expect.poll(names).toEqual([a, d, b, c]);
    await window.queue.drag(c, a);
    await expect.poll(names).toEqual([c, a, d, b]);
    await window.queue.pressAction(b, 'Remove from Queue');
    await expect.poll(names).toEqual([c, a, d]);
    await window.queue.row(a).hover();
    await window.page.locator('.monaco-hover', { hasText: '--seed' }).waitFor();
    await window.picture('queue-2-moved');
  });

  it('wait while the queue is paused, and go on when the window is closed and nobody looks', async () => {
    await window.queue.pressTitle('Pause Queue');
    await expect.poll(() => window.queue.description()).toBe('3 · paused');
    await expect.poll(async () => (await window.queue.rows())[0]).toMatch(/: 1st · paused$/);
    await window.picture('queue-3-paused');
    await window.queue.pressTitle('Resume Queue');
    await expect.poll(() => window.queue.description()).toBe('3');
    await window.close();
    writeFileSync(gate, '');
    window = await desk.openWindow();
    await window.openWinnow();
    const icons = async () => (await window.experiments.runs()).map(({ icon }) => icon).sort();
    await expect.poll(icons, { timeout: 60_000 }).toEqual(['pass', 'pass', 'pass', 'pass', 'stop-circle']);
    await window.queue.open();
    await window.picture('queue-4-empty');
  });
});
