import { strict as assert } from 'node:assert';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from './harness/waitFor';
import { endOf, outputOf, startedBy, writeScript } from './harness/workspace';

/** Over the real debugpy; the extension that brings it to VS Code has a stand-in. */
describe('Debug Experiment', function () {
  this.timeout(120_000);

  const stops: { session: vscode.DebugSession; threadId: number }[] = [];
  let tracking: vscode.Disposable | undefined;

  before(async () => {
    const { WINNOW_TEST_PYTHON: python } = process.env;
    await vscode.workspace
      .getConfiguration('winnow')
      .update('python', python, vscode.ConfigurationTarget.Workspace);
    tracking = vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage(message: { event?: string; body?: { threadId: number } }) {
          if (message.event === 'stopped') stops.push({ session, threadId: message.body?.threadId ?? 0 });
        },
      }),
    });
  });
  beforeEach(() => void (stops.length = 0));
  after(() => tracking?.dispose());

  it('stops at a breakpoint, and is a run with its output and exit code', async () => {
    const script = writeScript('debugged.py', [
      'import sys',
      'lr = 0.1',
      'print(f"lr is {lr}", flush=True)',
      'sys.exit(4)',
    ]);
    breakAt(script, 3);
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.debugExperiment', script));
    const { session, threadId } = await waitFor('the breakpoint', () => stops[0]);
    assert.equal(session.name, 'Debug debugged.py');
    assert.equal(await valueOf(session, threadId, 'lr'), '0.1');
    await session.customRequest('setExpression', {
      expression: 'lr',
      value: '0.5',
      frameId: await topFrame(session, threadId),
    });
    await session.customRequest('continue', { threadId });
    // The debugger stops once more where an exit code other than 0 leaves the script.
    await waitFor('the exit', () => stops[1]);
    await session.customRequest('continue', { threadId });
    const ended = await endOf(folder);
    assert.equal(ended.exitCode, 4);
    assert.equal(ended.stoppedBy, null);
    assert.match(ended.output, /lr is 0\.5/);
    await waitFor('the session to end', () => vscode.debug.activeDebugSession === undefined);
  });

  it('stops the run when the debugging is ended in the middle', async () => {
    const script = writeScript('debugged_for_long.py', [
      'import time',
      'print("begins", flush=True)',
      'time.sleep(600)',
    ]);
    breakAt(script, 3);
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.debugExperiment', script));
    const { session } = await waitFor('the breakpoint', () => stops[0]);
    assert.match(outputOf(folder), /begins/);
    await vscode.debug.stopDebugging(session);
    assert.equal((await endOf(folder)).stoppedBy, 'person');
  });

  it('ends the debugging when the run is stopped', async () => {
    const script = writeScript('stopped_elsewhere.py', ['import time', 'print("begins")', 'time.sleep(600)']);
    breakAt(script, 3);
    const folder = await startedBy(() => vscode.commands.executeCommand('winnow.debugExperiment', script));
    await waitFor('the breakpoint', () => stops[0]);
    await vscode.commands.executeCommand('winnow.stopRun', path.basename(folder));
    assert.equal((await endOf(folder)).stoppedBy, 'person');
    await waitFor('the session to end', () => vscode.debug.activeDebugSession === undefined);
  });
});

function breakAt(script: vscode.Uri, line: number): void {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  vscode.debug.addBreakpoints([
    new vscode.SourceBreakpoint(new vscode.Location(script, new vscode.Position(line - 1, 0))),
  ]);
}

async function topFrame(session: vscode.DebugSession, threadId: number): Promise<number> {
  const { stackFrames } = await session.customRequest('stackTrace', { threadId });
  return stackFrames[0].id;
}

async function valueOf(session: vscode.DebugSession, threadId: number, expression: string): Promise<string> {
  const frameId = await topFrame(session, threadId);
  const { result } = await session.customRequest('evaluate', { expression, frameId, context: 'watch' });
  return result;
}
