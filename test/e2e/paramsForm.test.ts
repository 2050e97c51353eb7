import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIn } from './harness/axe';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import { ParamsForm } from './pages/paramsForm';
import type { Workbench } from './pages/workbench';

const TRAINING_MS = 180_000; // Four short trainings on a machine that may have other things to do.

/** Each test goes on where the one before it stopped. */
describe('A person who runs a script with other params', () => {
  let desk: Desk;
  let window: Workbench;
  let form: ParamsForm;

  beforeAll(async () => {
    desk = await setUpDesk();
    window = await desk.openWindow();
    form = new ParamsForm(window.page);
  });

  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('finds them in a page beside the script, and nothing is started for that', async () => {
    await window.openFile('train.py');
    await window.runCommand('Winnow: Run with Params');
    await expect.poll(() => form.params()).toEqual(['lr', 'hidden', 'epochs', 'batch_size', 'seed']);
    expect(await form.text()).toContain('5 params found in argparse, nothing was executed');
    await expect.poll(() => form.fact('known')).toContain('this script has no runs');
    await expect.poll(() => form.fact('command')).toBe('python train.py');
    expect(serversOf(desk)).toEqual([]);
    await window.picture('params-1-first');
  });

  it('is told which value is wrong, and cannot start before it is mended', async () => {
    await form.field('batch_size').fill('32.5');
    await expect.poll(() => form.problem('batch_size')).toBe('--batch-size takes a whole number.');
    expect(await form.status()).toBe('1 value to correct: batch_size');
    expect(await form.button('queue').isDisabled()).toBe(true);
    expect(await form.button('run-now').isDisabled()).toBe(true);
    await form.field('batch_size').press('Control+Enter');
    await window.picture('params-2-wrong');
    await window.inThemes(async () => expect(await seriousIn(form.content)).toEqual([]));

    await form.field('batch_size').fill('32');
    await form.field('batch_size').press('Enter');
    await expect.poll(() => form.content.locator(':focus').getAttribute('data-name')).toBe('seed');
    await form.field('lr').fill('0.5');
    await form.field('lr').press('Escape');
    expect(await form.field('lr').inputValue()).toBe('0.001');
    expect(await form.status()).toBe('');
    expect(serversOf(desk)).toEqual([]);
  });

  it('runs it with what was typed', { timeout: TRAINING_MS }, async () => {
    await form.field('epochs').fill('2');
    await expect.poll(() => form.fact('command')).toBe('python train.py --epochs 2 --batch-size 32');
    await form.button('run-now').click();
    await expect.poll(() => form.status(), { timeout: 60_000 }).toMatch(/^\S+-\S+ runs\.$/);
    const view = await window.openWinnow();
    await expect
      .poll(async () => (await view.runs())[0]?.icon, { timeout: TRAINING_MS, message: 'the run finishes' })
      .toBe('pass');
    await expect.poll(() => form.fact('forecast')).toContain('from 1 finished run with these values');
    await expect.poll(() => form.fact('known')).toMatch(/tried once, val_accuracy 0\.\d+/);
  });

  it('adds a run for each of several seeds', { timeout: TRAINING_MS }, async () => {
    await form.field('lr').fill('0.003');
    await form.field('seed').fill('0, 1, 2');
    await expect.poll(() => form.button('queue').innerText()).toContain('Add 3 Runs to Queue');
    await expect
      .poll(() => form.fact('command'))
      .toBe('python train.py --lr 0.003 --epochs 2 --batch-size 32 --seed {0..2}');
    expect(await form.fact('known')).toContain('never tried');
    await form.field('seed').press('Control+Enter');
    await expect.poll(() => form.status(), { timeout: 60_000 }).toContain('3 runs are in the queue');
    const view = await window.openWinnow();
    await expect
      .poll(async () => (await view.runs()).map(({ icon }) => icon), { timeout: TRAINING_MS })
      .toEqual(['pass', 'pass', 'pass', 'pass']);
    await expect.poll(() => form.fact('known')).toMatch(/tried 3 times, val_accuracy 0\.\d+ ± 0\.\d+/);
    await expect.poll(() => form.content.locator('.known-chart canvas').count()).toBe(1);
    await form.field('lr').fill('0.002');
    await window.runCommand('View: Hide Panel');
    await window.runCommand('View: Toggle Primary Side Bar Visibility');
    await window.picture('params-3-known');
    await window.runCommand('View: Toggle Primary Side Bar Visibility');
  });

  it(
    'keeps what was typed while the script is edited and the window is loaded again',
    { timeout: 2 * TRAINING_MS },
    async () => {
      await form.field('seed').fill('3, 4');
      await form.content.locator('#why').fill('is it the seed?');
      const file = path.join(desk.folder, 'train.py');
      const source = readFileSync(file, 'utf8');
      const line = 'parser.add_argument("--seed", type=int, default=0)';
      writeFileSync(
        file,
        source.replace(line, `${line}\nparser.add_argument("--momentum", type=float, default=0.9)`),
      );
      await expect.poll(() => form.params()).toContain('momentum');
      expect(await form.field('lr').inputValue()).toBe('0.002');

      await window.reload();
      await expect.poll(() => form.params(), { timeout: TRAINING_MS }).toContain('momentum');
      expect(await form.field('lr').inputValue()).toBe('0.002');
      expect(await form.field('seed').inputValue()).toBe('3, 4');
      expect(await form.content.locator('#why').inputValue()).toBe('is it the seed?');
    },
  );

  it('takes the values of a run over', async () => {
    const view = await window.openWinnow();
    await expect.poll(() => view.runs(), { timeout: TRAINING_MS }).toHaveLength(4);
    const first = (await view.runs()).at(-1)?.label ?? '';
    await view.chooseFromMenu(first, 'Run Again with Other Values');
    await expect.poll(() => form.field('lr').inputValue()).toBe('0.001');
    expect(await form.field('epochs').inputValue()).toBe('2');
    expect(await form.field('seed').inputValue()).toBe('0');
  });
});

/** The tracking servers that were ever started at this desk. */
function serversOf(desk: Desk): readonly string[] {
  try {
    return readdirSync(path.join(desk.stateHome, 'stores'));
  } catch {
    /* No server has made the folder. */
    return [];
  }
}
