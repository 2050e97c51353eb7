import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import { endOf, outputOf, runIdOf, runOf, startedBy, writeScript } from './harness/workspace';

describe('Running a script from the window', () => {
  it('keeps its output and its exit code, though it logs nothing', async () => {
    const script = writeScript('prints.py', ['print("Größe: 1")']);
    const ended = await runOf(() => vscode.commands.executeCommand('winnow.runExperiment', script));
    assert.equal(ended.exitCode, 0);
    assert.match(ended.output, /Größe: 1/);
  });

  it('keeps the exit code of one that fails', async () => {
    const script = writeScript('fails.py', ['import sys', 'print("no data")', 'sys.exit(3)']);
    const ended = await runOf(() => vscode.commands.executeCommand('winnow.runExperiment', script));
    assert.equal(ended.exitCode, 3);
    assert.match(ended.output, /no data/);
  });

  it('stops one politely, so that it can save what it has', async () => {
    const script = writeScript('waits.py', [
      'import time',
      'try:',
      '    print("waiting")',
      '    time.sleep(600)',
      'except KeyboardInterrupt:',
      '    print("saved")',
      '    raise',
    ]);
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.runExperiment', script));
    await waitFor('its first line', () => outputOf(folder).includes('waiting'));
    await vscode.commands.executeCommand('winnow.stopRun', runIdOf(folder));
    const ended = await endOf(folder);
    assert.match(ended.output, /saved/);
    assert.equal(ended.stoppedBy, 'person');
  });

  it('kills one that takes its time when it is stopped again', async () => {
    const script = writeScript('stays.py', [
      'import signal, time',
      'signal.signal(signal.SIGINT, lambda *_: print("busy"))',
      'print("waiting")',
      'while True: time.sleep(0.1)',
    ]);
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.runExperiment', script));
    await waitFor('its first line', () => outputOf(folder).includes('waiting'));
    await vscode.commands.executeCommand('winnow.stopRun', runIdOf(folder));
    await waitFor('that it was asked', () => outputOf(folder).includes('busy'));
    await vscode.commands.executeCommand('winnow.stopRun', runIdOf(folder));
    const ended = await endOf(folder);
    assert.equal(ended.exitCode, null);
    assert.equal(ended.stoppedBy, 'person');
  });
});
