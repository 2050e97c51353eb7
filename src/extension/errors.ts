import * as vscode from 'vscode';
import { UserError, isAbortError, messageOf } from '../base/errors';
import { COMMANDS, type CommandId } from './ids';

/** The one place that turns what was thrown into a message and its buttons. */
export interface Errors {
  /**
   * A UserError is shown as it is, with the button that helps; a cancelled work says nothing; anything else is
   * a bug: logged with its stack and shown once with "Show Log". Never throws.
   */
  report(error: unknown): void;
  /** Runs the work of a command or a listener and reports its failure; undefined then. */
  guard<T>(work: () => T | Promise<T>): Promise<T | undefined>;
  /** Hands a promise to the background: its failure is logged and not shown. `name` says what it was. */
  background(name: string, work: Promise<unknown>): void;
  /** Logs a failure that nobody waits for. */
  note(name: string, error: unknown): void;
}

export function createErrors(log: vscode.LogOutputChannel): Errors {
  const report = (error: unknown) => {
    if (isAbortError(error) || error instanceof vscode.CancellationError) return;
    if (error instanceof UserError) {
      log.warn(`${error.code}: ${error.message}${causeOf(error)}`);
      void show(error.message, helpFor(error.code));
      return;
    }
    log.error(error instanceof Error ? error : String(error));
    void show(vscode.l10n.t('Winnow made a mistake: {0}', messageOf(error)), [showLog()]);
  };

  const note = (name: string, error: unknown) => {
    if (!isAbortError(error)) log.error(`${name}: ${stackOf(error)}`);
  };

  return {
    report,
    note,
    async guard(work) {
      try {
        return await work();
      } catch (error) {
        report(error);
        return undefined;
      }
    },
    background(name, work) {
      work.catch((error: unknown) => note(name, error));
    },
  };
}

interface Button {
  readonly title: string;
  readonly command: CommandId;
}

async function show(message: string, buttons: readonly Button[]): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(message, ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === chosen);
  if (button !== undefined) await vscode.commands.executeCommand(button.command);
}

function helpFor(code: string): readonly Button[] {
  switch (code) {
    case 'python-missing':
      return [
        { title: vscode.l10n.t('Select Python Interpreter…'), command: COMMANDS.selectPython },
        showLog(),
      ];
    case 'server-unreachable':
    case 'server-start-failed':
      return [{ title: vscode.l10n.t('Try Again'), command: COMMANDS.connect }, showLog()];
    default:
      return [];
  }
}

function showLog(): Button {
  return { title: vscode.l10n.t('Show Log'), command: COMMANDS.showLog };
}

function causeOf(error: UserError): string {
  return error.cause === undefined ? '' : ` (${stackOf(error.cause)})`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
