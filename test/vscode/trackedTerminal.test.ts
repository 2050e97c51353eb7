import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import { endOf, runOf, startedBy, workspaceFolder, writeScript } from './harness/workspace';
import type { TestApi } from '../../src/extension/testApi';

describe('An integrated terminal', function () {
  this.timeout(120_000);

  let api: TestApi;
  before(async () => {
    const extension = vscode.extensions.getExtension<TestApi>('winnow-ml.winnow');
    assert.ok(extension);
    api = await extension.activate();
    const { MLFLOW_TRACKING_URI: before } = await terminalVariables();
    assert.equal(before, undefined, 'a folder without experiments is left alone');
    const script = writeScript('first.py', ['print("the store is there now")']);
    await runOf(() => vscode.commands.executeCommand('winnow.runExperiment', script));
  });

  it('tracks a script that is started in it by hand', async () => {
    await waitForVariables((variables) => variables['MLFLOW_TRACKING_URI'] !== undefined);
    writeScript('by_hand.py', [
      'import mlflow',
      'with mlflow.start_run(run_name="typed-by-hand"):',
      '    mlflow.log_metric("loss", 0.25)',
    ]);
    const terminal = vscode.window.createTerminal({ name: 'hand', cwd: workspaceFolder() });
    terminal.sendText('.venv/bin/python by_hand.py');
    try {
      await waitFor('the run', async () => (await runNames(api)).includes('typed-by-hand'));
    } finally {
      terminal.dispose();
    }
  });

  it('has a token that cannot start anything', async () => {
    const variables = await terminalVariables();
    const uri = variables['MLFLOW_TRACKING_URI'] ?? '';
    const ask = async (route: string) => {
      const response = await fetch(`${uri}${route}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${variables['MLFLOW_TRACKING_TOKEN']}`,
          'content-type': 'application/json',
        },
        body: '{}',
      });
      return response.status;
    };
    assert.equal(await ask('/api/2.0/mlflow/experiments/search'), 400);
    assert.equal(await ask('/api/winnow/runs/start'), 403);
    assert.equal(await ask('/api/winnow/info'), 403);
  });

  it('leaves an address of the person alone, and goes away with the setting', async () => {
    const dotenv = path.join(workspaceFolder(), '.env');
    writeFileSync(dotenv, 'MLFLOW_TRACKING_URI=http://127.0.0.1:5999\n');
    await waitForVariables((variables) => variables['MLFLOW_TRACKING_URI'] === undefined);
    rmSync(dotenv);
    await waitForVariables((variables) => variables['MLFLOW_TRACKING_URI'] !== undefined);

    const settings = vscode.workspace.getConfiguration('winnow');
    await settings.update('terminal.track', false, vscode.ConfigurationTarget.Workspace);
    await waitForVariables((variables) => variables['MLFLOW_TRACKING_TOKEN'] === undefined);
    await settings.update('terminal.track', undefined, vscode.ConfigurationTarget.Workspace);
    await waitForVariables((variables) => variables['MLFLOW_TRACKING_TOKEN'] !== undefined);

    const terminals = vscode.workspace.getConfiguration('terminal.integrated.env');
    const platform = process.platform === 'darwin' ? 'osx' : 'linux';
    const own = { MLFLOW_TRACKING_URI: 'http://127.0.0.1:5999' };
    await terminals.update(platform, own, vscode.ConfigurationTarget.Workspace);
    await waitForVariables(
      (variables) =>
        variables['MLFLOW_TRACKING_URI'] === own.MLFLOW_TRACKING_URI &&
        variables['MLFLOW_TRACKING_TOKEN'] === undefined,
    );
    await terminals.update(platform, undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('runs a script as a run of its own, and stays open', async () => {
    const script = writeScript("it's.py", ['import sys', 'print("typed")', 'sys.exit(3)']);
    const before = new Set(vscode.window.terminals);
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.runInTerminal', script));
    const ended = await endOf(folder);
    assert.equal(ended.exitCode, 3);
    assert.match(ended.output, /typed/);
    const opened = vscode.window.terminals.filter((terminal) => !before.has(terminal));
    assert.deepEqual(
      opened.map(({ name, exitStatus }) => [name, exitStatus]),
      [["it's.py", undefined]],
    );
    opened[0]?.dispose();
  });
});

/** MLflow's variables of a terminal that is opened now. */
async function terminalVariables(): Promise<Record<string, string>> {
  const file = path.join(workspaceFolder(), '.env-of-terminal');
  rmSync(file, { force: true });
  const terminal = vscode.window.createTerminal({ name: 'looks', cwd: workspaceFolder() });
  try {
    terminal.sendText('env > .env-being-written; mv .env-being-written .env-of-terminal');
    await waitFor('the environment of a terminal', () => existsSync(file));
  } finally {
    terminal.dispose();
  }
  return Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/^(MLFLOW_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

async function waitForVariables(accepts: (variables: Record<string, string>) => boolean): Promise<void> {
  await waitFor('the variables of terminals', async () => accepts(await terminalVariables()));
}

async function runNames(api: TestApi): Promise<string[]> {
  const experiments = await api.rows();
  const runs = await Promise.all(experiments.map((experiment) => api.rows(experiment.row)));
  return runs.flat().map(({ label }) => label);
}
