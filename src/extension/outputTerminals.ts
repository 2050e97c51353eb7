import * as vscode from 'vscode';
import { isAbortError, messageOf } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import { type RunDetail, type RunId, isOver } from '../model/run';
import { formatBytes } from '../model/format';
import { followOutput } from './outputFollower';
import type { FolderLink } from './serverConnection';
import { TerminalText } from './terminalText';
import { stateSentence } from './views/runText';

/** Terminals that show runs' output, one a run. */
export interface OutputTerminals extends Disposable {
  /** Shows a run's output; the terminal that shows it already is brought to the front. */
  show(link: FolderLink, run: RunDetail, options?: { readonly preserveFocus?: boolean }): void;
}

export function createOutputTerminals(log: vscode.LogOutputChannel): OutputTerminals {
  const open = new Map<RunId, vscode.Terminal>();
  const closing = vscode.window.onDidCloseTerminal((terminal) => {
    for (const [runId, known] of open) if (known === terminal) open.delete(runId);
  });

  return {
    show(link, run, { preserveFocus = true } = {}) {
      const known = open.get(run.runId);
      const terminal =
        known ??
        vscode.window.createTerminal({
          name: run.name,
          iconPath: new vscode.ThemeIcon('output'),
          pty: outputOf(link, run, log),
          isTransient: true,
        });
      open.set(run.runId, terminal);
      terminal.show(preserveFocus);
    },
    dispose() {
      closing.dispose();
      for (const terminal of open.values()) terminal.dispose();
      open.clear();
    },
  };
}

const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';
const CTRL_C = '\u0003';

/**
 * A terminal over a run's output file. Closing it stops nothing: the run belongs to its runner. Ctrl+C stops
 * the run politely, as it would in a terminal where the script was typed; a second one kills it.
 */
function outputOf(link: FolderLink, run: RunDetail, log: vscode.LogOutputChannel): vscode.Pseudoterminal {
  const written = new vscode.EventEmitter<string>();
  const renamed = new vscode.EventEmitter<string>();
  const closed = new AbortController();
  const text = new TerminalText();
  let latest = run;
  let stops = 0;

  const say = (sentence: string) => written.fire(`${DIM}${sentence}${PLAIN}\r\n`);
  const refresh = async () => {
    const client = await link.client(closed.signal);
    latest = (await client.call('getRun', { runId: run.runId }, closed.signal)).run;
    renamed.fire(latest.name);
  };
  const isLive = async () => {
    try {
      await refresh();
    } catch (error) {
      // The server is being brought back: the file tells the same meanwhile.
      if (!isAbortError(error)) log.debug(messageOf(error));
      return true;
    }
    return !isOver(latest.state);
  };

  const follow = async () => {
    if (run.command !== null) say(commandLine(run.command.script, run.command.args));
    if (run.outputPath === null) {
      say(vscode.l10n.t('This run was not started by Winnow: its output is where it was started.'));
      return;
    }
    const file = run.outputPath;
    await followOutput(
      {
        file,
        onText: (more) => written.fire(text.next(more)),
        onSkipped: (bytes) => say(vscode.l10n.t('The first {0} are in {1}', formatBytes(bytes), file)),
        isLive,
      },
      closed.signal,
    );
    written.fire(`${text.end()}${PLAIN}\r\n`);
    say(stateSentence(latest, Date.now(), vscode.l10n));
  };

  return {
    onDidWrite: written.event,
    onDidChangeName: renamed.event,
    open() {
      follow().catch((error: unknown) => {
        if (!isAbortError(error)) say(vscode.l10n.t('The output could not be read: {0}', messageOf(error)));
      });
    },
    close() {
      closed.abort(new DOMException('The terminal was closed.', 'AbortError'));
    },
    handleInput(data) {
      if (data !== CTRL_C || isOver(latest.state)) return;
      stops++;
      const kill = stops > 1;
      say(
        kill
          ? vscode.l10n.t('Killing the run.')
          : vscode.l10n.t('Stopping the run. Press Ctrl+C again to kill it.'),
      );
      const stop = async () => {
        const client = await link.client(closed.signal);
        await client.call('stopRun', { runId: run.runId, kill }, closed.signal);
      };
      stop().catch((error: unknown) => say(messageOf(error)));
    },
  };
}

function commandLine(script: string, args: readonly string[]): string {
  const words = [script, ...args].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word),
  );
  return `$ python ${words.join(' ')}`;
}
