import * as vscode from 'vscode';
import { isAbortError, messageOf } from '../base/errors';
import { type Disposable, Owned } from '../base/lifecycle';
import { type RunDetail, type RunId, isOver } from '../model/run';
import { formatBytes } from '../model/format';
import { COMMANDS, type CommandId } from './ids';
import { followOutput, readPart } from './outputFollower';
import type { FolderLink } from './serverConnection';
import { TerminalText } from './terminalText';
import { stateSentence } from './views/runText';

/** Terminals that show runs' output, one a run. */
export interface OutputTerminals extends Disposable {
  /** Shows a run's output; the terminal that shows it already is brought to the front. */
  show(link: FolderLink, run: RunDetail, options?: { readonly preserveFocus?: boolean }): void;
}

export function createOutputTerminals({ log, executeCommand }: Needs): OutputTerminals {
  const owned = new Owned();
  const open = new Map<RunId, Shown>();
  owned.add(
    vscode.window.onDidCloseTerminal((terminal) => {
      for (const [runId, known] of open) if (known.terminal === terminal) open.delete(runId);
    }),
  );
  // What can be done about a part that is not shown is said in the terminal, and is a link there.
  owned.add(
    vscode.window.registerTerminalLinkProvider({
      provideTerminalLinks({ terminal, line }) {
        const shown = [...open.values()].find((each) => each.terminal === terminal);
        if (shown === undefined) return [];
        return shown.output.actions().flatMap(({ label, run }) => {
          const startIndex = line.indexOf(label);
          return startIndex === -1 ? [] : [new ActionLink(startIndex, label, run)];
        });
      },
      handleTerminalLink: (link) => (link instanceof ActionLink ? link.run() : undefined),
    }),
  );

  return {
    show(link, run, { preserveFocus = true } = {}) {
      let shown = open.get(run.runId);
      if (shown === undefined) {
        const isShown = () => vscode.window.activeTerminal === open.get(run.runId)?.terminal;
        const output = outputOf({ link, run, log, executeCommand, isShown });
        const terminal = vscode.window.createTerminal({
          name: run.name,
          iconPath: new vscode.ThemeIcon('output'),
          pty: output.pty,
          isTransient: true,
        });
        shown = { terminal, output };
        open.set(run.runId, shown);
      }
      shown.terminal.show(preserveFocus);
    },
    dispose() {
      owned.dispose();
      for (const { terminal } of open.values()) terminal.dispose();
      open.clear();
    },
  };
}

interface Needs {
  readonly log: vscode.LogOutputChannel;
  readonly executeCommand: (command: CommandId, ...args: unknown[]) => unknown;
}

interface Shown {
  readonly terminal: vscode.Terminal;
  readonly output: Output;
}

class ActionLink extends vscode.TerminalLink {
  constructor(
    startIndex: number,
    label: string,
    readonly run: () => void,
  ) {
    super(startIndex, label.length, label);
  }
}

/** A terminal's text, and what its links do. */
interface Output {
  readonly pty: vscode.Pseudoterminal;
  actions(): readonly { readonly label: string; run(): void }[];
}

const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';
const CTRL_C = '\u0003';
const CLEAR = '\u001b[0m\u001b[2J\u001b[3J\u001b[H';
const PART_BYTES = 1_000_000; // About 10,000 lines: more than most terminals keep.

/**
 * A terminal over a run's output file. Closing it stops nothing: the run belongs to its runner. Ctrl+C stops
 * the run politely, as it would in a terminal where the script was typed; a second one kills it. Of a large output
 * the last part is shown; the rest comes in pieces when it is asked for, so that no more than a piece is in memory.
 */
function outputOf({
  link,
  run,
  log,
  executeCommand,
  isShown,
}: Needs & { readonly link: FolderLink; readonly run: RunDetail; readonly isShown: () => boolean }): Output {
  const written = new vscode.EventEmitter<string>();
  const renamed = new vscode.EventEmitter<string>();
  const closed = new AbortController();
  const words = {
    fromStart: vscode.l10n.t('Show From the Start'),
    next: vscode.l10n.t('Show the Next Part'),
    last: vscode.l10n.t('Show the Last Part'),
    asText: vscode.l10n.t('Open as Text'),
    search: vscode.l10n.t('Search Output'),
  };
  let following = new AbortController();
  let text = new TerminalText();
  let latest = run;
  let stops = 0;
  let readUntil = 0; // When it is read from the start: how far.

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

  const follow = async (signal: AbortSignal) => {
    if (run.command !== null) say(commandLine(run.command.script, run.command.args));
    if (run.outputPath === null) {
      say(vscode.l10n.t('This run was not started by Winnow: its output is where it was started.'));
      return;
    }
    const file = run.outputPath;
    let skipped = 0;
    let lines = 0;
    await followOutput(
      {
        file,
        onText: (more) => {
          lines += more.split('\n').length - 1;
          written.fire(text.next(more));
        },
        onSkipped: (bytes) => {
          skipped += bytes;
          written.fire(`${text.end()}${PLAIN}\r\n`);
          sayLeftOut(bytes);
        },
        isLive,
        isShown,
      },
      signal,
    );
    signal.throwIfAborted();
    written.fire(`${text.end()}${PLAIN}\r\n`);
    say(stateSentence(latest, Date.now(), vscode.l10n));
    // Said once more where it is seen: a terminal keeps the last thousand lines.
    if (skipped > 0 || lines >= keptLines()) sayLeftOut(skipped);
  };

  const sayLeftOut = (bytes: number) => {
    const what =
      bytes === 0
        ? vscode.l10n.t('The beginning is not shown.')
        : vscode.l10n.t('{0} before this are not shown.', formatBytes(bytes));
    say(`${what} ${offer('fromStart', 'asText', 'search')}`);
  };

  const offer = (...names: (keyof typeof words)[]) => names.map((name) => words[name]).join(' · ');

  /** Begins anew: what was shown goes, and what is under way ends. */
  const begin = (show: (signal: AbortSignal) => Promise<void>) => {
    following.abort(new DOMException('Something else is shown.', 'AbortError'));
    following = new AbortController();
    text = new TerminalText();
    written.fire(CLEAR);
    watch(show(AbortSignal.any([closed.signal, following.signal])));
  };

  const watch = (showing: Promise<void>) =>
    void showing.catch((error: unknown) => {
      if (!isAbortError(error)) say(vscode.l10n.t('The output could not be read: {0}', messageOf(error)));
    });

  const showPart = async (from: number, signal: AbortSignal) => {
    if (run.outputPath === null) return;
    const pieces: Buffer[] = [];
    const part = { from, until: from + PART_BYTES };
    await readPart(run.outputPath, part, (bytes) => pieces.push(Buffer.from(bytes)), signal);
    signal.throwIfAborted();
    const read = Buffer.concat(pieces);
    const length = endOfLine(read, keptLines() - 5) ?? read.length;
    written.fire(text.next(read.toString('utf8', 0, length)));
    readUntil = from + length;
    written.fire(`${text.end()}${PLAIN}\r\n`);
    if (length < read.length || length === PART_BYTES) {
      const size = formatBytes(readUntil);
      say(`${vscode.l10n.t('Shown so far: {0}.', size)} ${offer('next', 'last', 'asText', 'search')}`);
    } else {
      say(`${vscode.l10n.t('This is all so far.')} ${offer('last')}`);
    }
  };

  const actions = {
    fromStart: () => begin((signal) => showPart(0, signal)),
    next: () => begin((signal) => showPart(readUntil, signal)),
    last: () => begin(follow),
    asText: () => executeCommand(COMMANDS.openOutputAsText, run.runId),
    search: () => executeCommand(COMMANDS.searchOutput, run.runId),
  };

  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidChangeName: renamed.event,
    open() {
      watch(follow(AbortSignal.any([closed.signal, following.signal])));
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
  return {
    pty,
    actions: () =>
      (Object.keys(words) as (keyof typeof words)[]).map((name) => ({
        label: words[name],
        run: () => void actions[name](),
      })),
  };
}

function commandLine(script: string, args: readonly string[]): string {
  const words = [script, ...args].map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word),
  );
  return `$ python ${words.join(' ')}`;
}

/** How many lines a terminal keeps; more of them at once would push the first ones out. */
function keptLines(): number {
  const lines = vscode.workspace.getConfiguration('terminal.integrated').get<unknown>('scrollback');
  return typeof lines === 'number' && lines >= 100 ? lines : 1_000;
}

/** Where the given number of lines ends, or null when there are fewer. */
function endOfLine(bytes: Buffer, lines: number): number | null {
  let at = -1;
  for (let i = 0; i < lines; i++) {
    at = bytes.indexOf(0x0a, at + 1);
    if (at === -1) return null;
  }
  return at + 1;
}
