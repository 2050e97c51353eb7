import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import { endOf, startedBy, workspaceFolder } from './harness/workspace';
import type { TestApi } from '../../src/extension/testApi';

interface Jupyter {
  /** Starts a kernel for a notebook. */
  start(notebook: vscode.Uri): void;
  readonly kernels: { getKernel(notebook: vscode.Uri): Promise<Kernel | undefined> };
}

interface Kernel {
  executeCode(code: string): AsyncIterable<unknown>;
}

describe('A notebook', function () {
  this.timeout(120_000);

  it('is run as an experiment by its command, and stays as it is', async () => {
    const { WINNOW_TEST_PYTHON: python } = process.env;
    const settings = vscode.workspace.getConfiguration('winnow');
    await settings.update('python', python, vscode.ConfigurationTarget.Workspace);
    const notebook = writeNotebook('analysis.ipynb', ['print("cell", 1)', 'print("cell", 2)']);
    const before = readFileSync(notebook.fsPath, 'utf8');
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.runNotebook', notebook));
    const ended = await endOf(folder);
    assert.equal(ended.exitCode, 0, ended.output);
    assert.match(ended.output, /Cell 1 of 2\ncell 1\nCell 2 of 2\ncell 2\n/);
    assert.equal(readFileSync(notebook.fsPath, 'utf8'), before);
    await settings.update('python', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('has a kernel whose mlflow calls arrive once it is tracked', async () => {
    const notebook = writeNotebook('live.ipynb', ['import mlflow']);
    const jupyter = await vscode.extensions.getExtension<Jupyter>('ms-toolsai.jupyter')?.activate();
    const winnow = await vscode.extensions.getExtension<TestApi>('winnow-ml.winnow')?.activate();
    assert.ok(jupyter && winnow);
    jupyter.start(notebook);
    await vscode.commands.executeCommand('winnow.trackNotebook', notebook);
    const kernel = await jupyter.kernels.getKernel(notebook);
    assert.ok(kernel);
    const problems = [];
    const cell = [
      'import mlflow',
      'with mlflow.start_run(run_name="from-a-kernel"):',
      '    mlflow.log_metric("loss", 0.5)',
      'assert "_winnow_track" not in globals()',
    ].join('\n');
    for await (const output of kernel.executeCode(cell)) problems.push(output);
    assert.deepEqual(problems, []);
    await waitFor('the run', async () => (await runNames(winnow)).includes('from-a-kernel'));
  });
});

function writeNotebook(name: string, cells: readonly string[]): vscode.Uri {
  const file = path.join(workspaceFolder(), name);
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
    cells: cells.map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
  writeFileSync(file, JSON.stringify(notebook));
  return vscode.Uri.file(file);
}

async function runNames(api: TestApi): Promise<string[]> {
  const experiments = await api.rows();
  const runs = await Promise.all(experiments.map((experiment) => api.rows(experiment.row)));
  return runs.flat().map(({ label }) => label);
}
