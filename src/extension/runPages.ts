import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import type { RunId } from '../model/run';
import type { Errors } from './errors';
import { later } from './load';
import type { RunPages } from './panels/runPanel';
import { unknownFolder } from './pickRun';
import type { ReadOnlyFiles } from './readOnlyFiles';
import type { Memory, RunColours } from './runColours';
import type { Folders } from './serverConnection';

/** The pages of runs. */
export interface RunPagesOwner extends Disposable {
  open(folder: string, runId: RunId, options?: { readonly beside?: boolean }): Promise<void>;
}

export interface RunPagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly memory: Memory;
  readonly folders: Folders;
  readonly colours: RunColours;
  readonly files: ReadOnlyFiles;
  readonly errors: Errors;
  readonly log: vscode.LogOutputChannel;
}

const RESTORE_MS = 300; // After the first paint, so that the start of the window does not wait for it.

/** Loads the pages' host when it is first needed, or shortly after the start for pages that VS Code restores. */
export function createRunPagesOwner(options: RunPagesOptions): RunPagesOwner {
  const { extensionUri, memory, folders, colours, files, errors, log } = options;
  const owned = new Owned();
  let loading: Promise<RunPages> | null = null;
  const pages = () => (loading ??= load());
  const load = async (): Promise<RunPages> => {
    const { createRunPages } = await later();
    return owned.add(
      createRunPages({
        extensionUri,
        memory,
        colours,
        files,
        linkOf(folder) {
          const link = folders.ofPath(folder);
          if (link === undefined) throw unknownFolder(folder);
          return link;
        },
        execute: async (command, argument) => {
          await vscode.commands.executeCommand(command, argument);
        },
        log: (error) => log.error(error instanceof Error ? error : String(error)),
      }),
    );
  };
  const soon = setTimeout(() => errors.background('run pages', pages()), RESTORE_MS);
  owned.onDispose(() => clearTimeout(soon));

  return {
    open: async (folder, runId, how) => (await pages()).open(folder, runId, how),
    dispose: () => owned.dispose(),
  };
}
