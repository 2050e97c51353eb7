import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { UserError } from '../base/errors';
import { Owned } from '../base/lifecycle';
import { type RunId, isOver } from '../model/run';
import { later } from './load';
import type { FolderLink } from './serverConnection';
import type { Services } from './services';
import { type ScriptStart, startScript } from './startScript';

const DEBUGGER = 'ms-python.debugpy';

/**
 * Runs a script under the Python debugger. The runner starts it as it starts every script, with debugpy in front,
 * which connects to the debugger that listens for it: so output, exit code, stop and all else are those of any run,
 * and a window that goes away leaves the run to finish without its debugger.
 */
export async function debugScript(services: Services, start: ScriptStart): Promise<RunId | undefined> {
  const extension = vscode.extensions.getExtension<unknown>(DEBUGGER);
  if (extension === undefined) {
    await offerDebugger();
    return undefined;
  }
  if (start.script.path.toLowerCase().endsWith('.ipynb')) {
    throw new UserError(
      'debug-notebook',
      vscode.l10n.t(
        'A notebook is debugged in its own editor, cell by cell. Run it as an experiment to keep it.',
      ),
    );
  }
  if ((start.chosen?.edits.length ?? 0) > 0) {
    throw new UserError(
      'debug-edited',
      vscode.l10n.t(
        'These values change a file, and a run with changed files runs in a checkout beside yours, where breakpoints do not lie. Put them into the files themselves to debug with them.',
      ),
    );
  }
  const { pythonFor } = await later();
  const owned = new Owned();
  try {
    const python = await pythonFor(start.link.folder);
    const session = listen(start, python, owned);
    const { address, debug } = await session.waiting;
    const folder = await debugpyFolder(extension);
    const runId = await startScript(services, { ...start, debug: { address, package: folder } });
    services.errors.background('end the debugging', together(start.link, runId, debug, session, owned));
    return runId;
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

/** A debug session that listens for its script. */
interface Listening {
  /** Resolves once it listens. @throws UserError 'debugger-failed' when it ends before. */
  readonly waiting: Promise<{ readonly address: string; readonly debug: vscode.DebugSession }>;
  /** Resolves when the session is over: whether a person ended it, or the script came to its end. */
  readonly over: Promise<'by-person' | 'by-script'>;
}

const place = z.object({ host: z.string(), port: z.number() });
const message = z.object({
  type: z.string(),
  command: z.optional(z.string()),
  event: z.optional(z.string()),
});

function listen({ link, script }: ScriptStart, python: string, owned: Owned): Listening {
  const key = randomUUID();
  const isMine = (session: vscode.DebugSession) => session.configuration['winnow'] === key;
  let endedBy: 'by-person' | 'by-script' | null = null;
  const over = new Promise<'by-person' | 'by-script'>((resolve) => {
    owned.add(
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (isMine(session)) resolve(endedBy ?? 'by-person');
      }),
    );
  });
  owned.add(
    vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
      createDebugAdapterTracker: (session) =>
        isMine(session)
          ? {
              // A script that ends says so before the editor lets go; a person lets go first.
              onWillReceiveMessage(request: unknown) {
                const { command } = message.parse(request);
                if (command === 'disconnect' || command === 'terminate') endedBy ??= 'by-person';
              },
              onDidSendMessage(answer: unknown) {
                const { event } = message.parse(answer);
                if (event === 'exited' || event === 'terminated') endedBy ??= 'by-script';
              },
            }
          : undefined,
    }),
  );
  const failed = () =>
    new UserError(
      'debugger-failed',
      vscode.l10n.t('The Python debugger did not start, so neither did the script.'),
    );
  const waiting = new Promise<{ address: string; debug: vscode.DebugSession }>((resolve, reject) => {
    owned.add(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (event !== 'debugpyWaitingForServer' || !isMine(session)) return;
        const { port } = place.parse(body);
        resolve({ address: `127.0.0.1:${port}`, debug: session });
      }),
    );
    void over.then(() => reject(failed()));
    vscode.debug
      .startDebugging(link.folder, {
        type: 'debugpy',
        request: 'attach',
        name: vscode.l10n.t('Debug {0}', path.basename(script.fsPath)),
        listen: { host: '127.0.0.1', port: 0 },
        python,
        justMyCode: true,
        redirectOutput: true,
        winnow: key,
      })
      .then((started) => (started ? undefined : reject(failed())), reject);
  });
  return { waiting, over };
}

/** Ends the run when the person ends the debugging, and the debugging when the run is over. */
async function together(
  link: FolderLink,
  runId: RunId,
  debug: vscode.DebugSession,
  session: Listening,
  owned: Owned,
): Promise<void> {
  try {
    const first = await Promise.race([session.over, whenOver(link, runId, owned)]);
    if (first === 'run-over') return await vscode.debug.stopDebugging(debug);
    if (first === 'by-script') return;
    const client = await link.client();
    await client.call('stopRun', { runId }).catch((error: unknown) => {
      if (!(error instanceof UserError) || error.code !== 'run-over') throw error;
    });
  } finally {
    owned.dispose();
  }
}

/** Resolves when the run is over, however that came. */
function whenOver(link: FolderLink, runId: RunId, owned: Owned): Promise<'run-over'> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const client = await link.client();
      const { run } = await client.call('getRun', { runId });
      if (isOver(run.state)) resolve('run-over');
    };
    owned.add(
      link.onFeed(({ runs, reset }) => {
        if (reset === true || runs.some((named) => named.runId === runId)) look().catch(reject);
      }),
    );
    look().catch(reject);
  });
}

const debuggerApi = z.object({
  debug: z.object({
    getDebuggerPackagePath: z.custom<() => unknown>((value) => typeof value === 'function'),
  }),
});

/** The package debugpy that the debugger brings, so that both speak alike; null: the script's environment has one. */
async function debugpyFolder(extension: vscode.Extension<unknown>): Promise<string | null> {
  const api = debuggerApi.safeParse(await extension.activate());
  const told = api.success ? await api.data.debug.getDebuggerPackagePath() : null;
  if (typeof told === 'string' && existsSync(told)) return told;
  const bundled = path.join(extension.extensionPath, 'bundled', 'libs', 'debugpy');
  return existsSync(bundled) ? bundled : null;
}

async function offerDebugger(): Promise<void> {
  const install = vscode.l10n.t('Install');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Debugging needs the extension Python Debugger ({0}), which is not installed.', DEBUGGER),
    install,
  );
  if (chosen === install) {
    await vscode.commands.executeCommand('workbench.extensions.installExtension', DEBUGGER);
  }
}
