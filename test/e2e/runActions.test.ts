import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import { ParamsForm } from './pages/paramsForm';
import type { Workbench } from './pages/workbench';

/** Has a constant, a config file and a checkpoint, and fails until it has one. */
const SCRIPT = `import argparse, json, os, sys

LR = 0.1  # the learning rate

parser = argparse.ArgumentParser()
parser.add_argument("--config", default="model.json")
parser.add_argument("--resume", default="")
args = parser.parse_args()
with open(args.config) as file:
    depth = json.load(file)["depth"]
print("lr", LR, "depth", depth, "gpus", os.environ.get("CUDA_VISIBLE_DEVICES"), "hook", "winnow_hook" in sys.modules)
if not args.resume:
    os.makedirs("checkpoints", exist_ok=True)
    open("checkpoints/last.ckpt", "w").close()
    sys.exit(3)
print("goes on from", args.resume)
`;

const GPUS = `case "$1" in
  *index,uuid,*) printf '0, GPU-a, Big One, 0, 10, 20\\n1, GPU-b, Big One, 0, 10, 20\\n' ;;
  *) printf '0, GPU-a\\n1, GPU-b\\n' ;;
esac`;

/** Each test goes on where the one before it stopped. */
describe('What a person does with a run', () => {
  let desk: Desk;
  let window: Workbench;
  let form: ParamsForm;
  let first = '';

  beforeAll(async () => {
    desk = await setUpDesk({ folderName: 'actions', programs: { 'nvidia-smi': GPUS } });
    writeFileSync(path.join(desk.folder, 'tune.py'), SCRIPT);
    writeFileSync(path.join(desk.folder, 'model.json'), '{\n  "depth": 2\n}\n');
    window = await desk.openWindow();
    form = new ParamsForm(window.page);
  });

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('gives it another constant, another config and two GPUs in the form, and its files stay', async () => {
    await window.openFile('tune.py');
    await window.runCommand('Winnow: Run with Params');
    await expect.poll(() => form.params()).toEqual(expect.arrayContaining(['LR', 'depth']));
    await form.field('LR').fill('0.5');
    await form.field('depth').fill('5');
    // GPUs are told by the tracking server, which a first look at the runs starts.
    await expect.poll(() => form.fact('command')).toContain('depth');
    await form.content.locator('#command button.icon').click();
    await expect.poll(clipboard).toContain('tune.py');
    await window.picture('actions-1-form');

    await form.button('run-now').click();
    await expect.poll(() => form.status(), { timeout: 60_000 }).toMatch(/^\S+-\S+ runs\.$/);
    first = (await form.status()).replace(' runs.', '');
    const view = await window.openWinnow();
    await expect.poll(iconOf(first), { timeout: 60_000 }).toBe('error');
    expect(outputs().at(-1)).toMatch(/lr 0\.5 depth 5 /);
    expect(readFileSync(path.join(desk.folder, 'tune.py'), 'utf8')).toBe(SCRIPT);
    expect(readFileSync(path.join(desk.folder, 'model.json'), 'utf8')).toBe('{\n  "depth": 2\n}\n');

    await form.content.locator('.gpus select').selectOption('2');
    await form.button('queue').click();
    await expect.poll(() => form.status(), { timeout: 60_000 }).toMatch(/is in the queue\.$/);
    const second = (await form.status()).replace(' is in the queue.', '');
    await expect.poll(iconOf(second), { timeout: 60_000 }).toBe('error');
    expect(outputs().at(-1)).toContain('gpus 0,1 ');
    await window.picture('actions-2-gpus');
    await view.select(first);
  });

  it('copies its command, which does the same in a terminal', async () => {
    await window.experiments.chooseFromMenu(first, 'Copy Run Command');
    await expect.poll(clipboard).toMatch(/python\S* tune\.py/);
  });

  it('tries it again, as a new run with the code of then', async () => {
    const before = (await window.experiments.runs()).length;
    await window.experiments.chooseFromMenu(first, 'Retry Run');
    await expect
      .poll(async () => (await window.experiments.runs()).length, { timeout: 60_000 })
      .toBe(before + 1);
    const again = (await window.experiments.runs())[0]?.label ?? '';
    await expect.poll(iconOf(again), { timeout: 60_000 }).toBe('error');
    expect(outputs().at(-1)).toMatch(/lr 0\.5 depth 5 /);
  });

  it('resumes it from its checkpoint, as another attempt of the same run', async () => {
    const before = (await window.experiments.runs()).length;
    await window.experiments.chooseFromMenu(first, 'Resume Run…');
    await window.page.locator('.quick-input-widget', { hasText: 'as Attempt 2' }).waitFor();
    await window.picture('actions-3-resume');
    await window.page.keyboard.press('Enter');
    await expect.poll(iconOf(first), { timeout: 60_000 }).toBe('pass');
    expect(await window.experiments.runs()).toHaveLength(before);
    expect(outputs().some((text) => text.includes('goes on from'))).toBe(true);
  });

  it('has no hook in scripts when that is switched off', async () => {
    expect(outputs().every((text) => text.includes('hook True'))).toBe(true);
    mkdirSync(path.join(desk.folder, '.vscode'), { recursive: true });
    writeFileSync(path.join(desk.folder, '.vscode/settings.json'), '{ "winnow.run.hook": false }');
    const before = (await window.experiments.runs()).length;
    await window.openFile('tune.py');
    await expect
      .poll(
        async () => {
          await window.runCommand('Winnow: Run Experiment');
          await expect
            .poll(
              async () =>
                (await window.experiments.runs()).filter(({ icon }) => icon !== 'play-circle').length,
            )
            .toBeGreaterThan(before);
          return outputs().some((text) => text.includes('hook False'));
        },
        { timeout: 60_000, message: 'the window has read the setting' },
      )
      .toBe(true);
  });

  const clipboard = () => window.page.evaluate(() => navigator.clipboard.readText());
  const iconOf = (name: string) => async () =>
    (await window.experiments.runs()).find(({ label }) => label === name)?.icon;

  /** What the runs printed, the oldest first. */
  function outputs(): string[] {
    const runs = path.join(desk.folder, '.winnow/runs');
    const files = existsSync(runs)
      ? execFileSync('find', [runs, '-name', 'output.log', '-printf', '%T@ %p\n'], { encoding: 'utf8' })
      : '';
    return files
      .trim()
      .split('\n')
      .sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
      .map((line) => readFileSync(line.slice(line.indexOf(' ') + 1), 'utf8'));
  }
});
