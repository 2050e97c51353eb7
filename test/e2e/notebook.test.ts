import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { ensurePython } from '../../scripts/setup.mjs';
import { type Desk, pictureFailures, setUpDesk } from './harness/desk';
import { ParamsForm } from './pages/paramsForm';
import type { Workbench } from './pages/workbench';

/** A notebook of a person who knows nothing of Winnow, in an environment that has Jupyter. */
describe('a notebook', () => {
  let desk: Desk;
  let window: Workbench;
  let file: string;
  let before: string;

  beforeAll(async () => {
    const environment = await ensurePython(path.join(root, 'test/clients/scripts.txt'));
    desk = await setUpDesk();
    mkdirSync(path.join(desk.folder, '.vscode'));
    const settings = { 'winnow.python': path.join(environment, 'bin/python') };
    writeFileSync(path.join(desk.folder, '.vscode/settings.json'), JSON.stringify(settings));
    file = path.join(desk.folder, 'explore.ipynb');
    writeFileSync(file, JSON.stringify(NOTEBOOK, null, 1));
    before = hashOf(file);
    window = await desk.openWindow();
  });
  afterAll(() => desk?.clear());
  pictureFailures(() => window);

  it('runs as an experiment, and shows how far it is', async () => {
    const view = await window.openWinnow();
    await window.quickInput.openAndChoose('Control+P', 'explore.ipynb');
    await window.page.locator('.notebookOverlay .view-line', { hasText: 'hidden' }).first().waitFor();
    await window.runCommand('Winnow: Run Notebook as Experiment');
    await expect.poll(async () => (await view.runs())[0]?.description ?? '').toContain('cell 4/5');
    await expect.poll(() => window.statusItem('cell 4/5').isVisible()).toBe(true);
    await expect.poll(() => window.terminalText()).toContain('epoch 3/');
    await window.picture('notebook-1-running');
  });

  it('keeps what was executed, and leaves the notebook alone', async () => {
    const view = await window.openWinnow();
    await expect.poll(async () => (await view.runs())[0]?.icon).toBe('pass');
    await expect.poll(() => window.terminalText()).toContain('Finished just now');
    expect(hashOf(file)).toBe(before);
    const copy = copies(path.join(desk.folder, '.winnow/artifacts'));
    expect(copy.map((each) => path.basename(each))).toEqual(['explore.ipynb']);
    expect(readFileSync(copy[0] ?? '', 'utf8')).toContain('"output_type": "stream"');
    const [run] = await view.runs();
    await view.select(run?.label ?? '');
    await window.picture('notebook-2-finished');
  });

  it('takes other params than its own in the form', async () => {
    await window.page.locator('.tabs-container .tab', { hasText: 'explore.ipynb' }).click();
    await window.runCommand('Winnow: Run with Params');
    const form = new ParamsForm(window.page, 'last');
    await expect.poll(() => form.params()).toEqual(['hidden', 'epochs', 'lr']);
    await form.field('epochs').fill('3');
    await form.field('lr').fill('0.05');
    await window.picture('notebook-3-params');
    await form.button('run-now').click();
    await expect.poll(() => form.status(), { timeout: 60_000 }).toMatch(/runs\.$/);
    const view = await window.openWinnow();
    await expect.poll(async () => (await view.runs()).map(({ icon }) => icon)).toEqual(['pass', 'pass']);
    expect(await window.terminalText()).toContain('epoch 3/3 loss');
    expect(copies(path.join(desk.folder, '.winnow/artifacts'))).toHaveLength(2);
    expect(hashOf(file)).toBe(before);
  });

  it('says what a debugger needs when there is none', async () => {
    await window.openFile('train.py');
    await window.runCommand('Winnow: Debug Experiment');
    await window.notifications.toast('Debugging needs the extension Python Debugger').waitFor();
    await window.picture('notebook-4-no-debugger');
  });
});

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
    language_info: { name: 'python' },
  },
  cells: [
    cell('markdown', '# Handwritten digits\nHow well does a small network tell them apart?'),
    cell('code', 'hidden: int = 32  # units of the hidden layer\nepochs = 25\nlr = 0.01', ['parameters']),
    cell(
      'code',
      'import time\nfrom sklearn.datasets import load_digits\nfrom sklearn.model_selection import train_test_split\nfrom sklearn.neural_network import MLPClassifier',
    ),
    cell(
      'code',
      'images, labels = load_digits(return_X_y=True)\nx, x_val, y, y_val = train_test_split(images / 16, labels, random_state=0)\nx.shape',
    ),
    cell(
      'code',
      'model = MLPClassifier((hidden,), learning_rate_init=lr, random_state=0)\nfor epoch in range(epochs):\n    model.partial_fit(x, y, classes=range(10))\n    time.sleep(0.5)  # Long enough to be looked at.\n    print(f"epoch {epoch + 1}/{epochs} loss: {model.loss_:.4f} val_accuracy: {model.score(x_val, y_val):.4f}", flush=True)',
    ),
    cell('code', 'round(model.score(x_val, y_val), 4)'),
  ],
};

function cell(kind: 'code' | 'markdown', source: string, tags: readonly string[] = []) {
  const id = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const of = { id, cell_type: kind, metadata: tags.length === 0 ? {} : { tags }, source };
  return kind === 'code' ? { ...of, execution_count: null, outputs: [] } : of;
}

function hashOf(name: string): string {
  return createHash('sha256').update(readFileSync(name)).digest('hex');
}

function copies(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ipynb')).map((name) => path.join(folder, name));
}
