import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { pictureFailures, setUpDesk } from './harness/desk';
import type { Desk } from './harness/desk';
import type { Workbench } from './pages/workbench';

const RUNS_MS = 120_000;

/** Trains small networks on the digits as they are: six configurations with three seeds each, a few seconds in all. */
const GRID = `
import itertools
import sys

import mlflow
import numpy as np
from sklearn.metrics import accuracy_score, log_loss

from digits import build, load

x, y = load("data/train.csv")
x_val, y_val = load("data/validation.csv")
mlflow.set_experiment("digits")
for hidden, lr, seed in itertools.product((16, 32, 64), (0.003, 0.01), range(3)):
    model = build(lr, hidden, 32, seed)
    rng = np.random.default_rng(seed)
    with mlflow.start_run(run_name=f"h{hidden}-lr{lr}-s{seed}"):
        mlflow.log_params({"hidden": hidden, "lr": lr, "epochs": 8, "batch_size": 32, "seed": seed})
        for epoch in range(1, 9):
            order = rng.permutation(len(x))
            model.partial_fit(x[order], y[order], classes=range(10))
            proba = model.predict_proba(x_val)
            mlflow.log_metrics(
                {"val_loss": log_loss(y_val, proba), "val_accuracy": accuracy_score(y_val, proba.argmax(1))},
                step=epoch,
            )
`;

/** Each test goes on where the one before it stopped. */
describe('The page of an experiment', () => {
  let desk: Desk;
  let window: Workbench;

  const winnow = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      path.join(root, 'node_modules/.bin/node'),
      [path.join(root, 'dist/cli.js'), ...args],
      { cwd: desk.folder, env: { ...process.env, WINNOW_STATE_HOME: desk.stateHome } },
    );
    return stdout;
  };
  const python = () => path.join(desk.folder, '.venv/bin/python');

  beforeAll(async () => {
    desk = await setUpDesk();
    writeFileSync(path.join(desk.folder, 'grid.py'), GRID);
    await winnow('run', '--python', python(), '--', 'grid.py');
    window = await desk.openWindow();
  }, RUNS_MS);

  afterAll(async () => {
    await desk?.clear();
  });
  pictureFailures(() => window);

  it('opens from its row, with all runs and their best', async () => {
    const view = await window.openWinnow();
    await view.pressAction('digits', 'Open Experiment');
    await expect.poll(() => window.openTabs()).toContain('digits');
    await expect.poll(() => window.experiment.status()).toContain('18');
    await window.picture('experiment-1');
  });
});
