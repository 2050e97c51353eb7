import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import { runOf, writeScript } from './harness/workspace';

const SCRIPT = [
  'import argparse',
  'import mlflow',
  '',
  'parser = argparse.ArgumentParser()',
  'parser.add_argument("--rate", type=float, default=0.25)',
  'args = parser.parse_args()',
  'with mlflow.start_run():',
  '    mlflow.log_params(vars(args))',
  '    for step in range(3):',
  '        mlflow.log_metric("error rate", 1 / (step + 1), step=step)',
];

describe('A hover on Python code', () => {
  let script: vscode.Uri;

  before(async () => {
    script = writeScript('hovered.py', SCRIPT);
    const ended = await runOf(() => vscode.commands.executeCommand('winnow.runExperiment', script));
    assert.equal(ended.exitCode, 0, ended.output);
    // Code that nobody looks at has no language server.
    await vscode.window.showTextDocument(script);
  });

  it('says what a metric came to', async () => {
    assert.match(await hoverOn(script, 'error rate'), /0\.3333/);
  });

  it('says which values a param had', async () => {
    assert.match(await hoverOn(script, '--rate'), /0\.25/);
  });

  it('says nothing about what is no metric and no param', async () => {
    const document = await vscode.workspace.openTextDocument(script);
    const position = document.positionAt(document.getText().indexOf('ArgumentParser'));
    const hovers = await hoversAt(script, position);
    assert.equal(hovers, '');
  });
});

/** The hover on the first place where a text stands, as Markdown, once there is one. */
async function hoverOn(uri: vscode.Uri, text: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${text} stands nowhere in the script`);
  const position = document.positionAt(offset + Math.floor(text.length / 2));
  return waitFor(`a hover on ${text}`, () => hoversAt(uri, position));
}

async function hoversAt(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}
