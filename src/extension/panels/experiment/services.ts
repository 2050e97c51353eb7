import type * as vscode from 'vscode';
import type { RunId } from '../../../model/run';
import type { FolderLink } from '../../folderLink';
import type { CommandId } from '../../ids';
import type { ReadOnlyFiles } from '../../readOnlyFiles';
import type { Memory, RunColours } from '../../runColours';

/** What experiment pages need of the window. */
export interface ExperimentPagesServices {
  readonly extensionUri: vscode.Uri;
  /** Where it is kept how the pages looked. */
  readonly memory: Memory;
  /** @throws UserError 'folder-closed' for a folder that is not open in the window. */
  linkOf(folder: string): FolderLink;
  readonly colours: Pick<RunColours, 'slotOf' | 'on' | 'turnOn' | 'turnOff' | 'onDidChange'>;
  readonly files: Pick<ReadOnlyFiles, 'snapshotUri'>;
  openRun(folder: string, runId: RunId, options: { readonly beside: boolean }): Promise<void>;
  /** Carries out a command of the window; its failure is shown by the window. */
  execute(command: CommandId, argument: unknown): Promise<void>;
  /** Hears of failures that nobody on the page waits for. */
  log(error: unknown): void;
}
