import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import type { ExperimentId } from '../model/run';
import type { Errors } from './errors';
import { later } from './load';
import type { ExperimentPages } from './panels/experimentPanel';
import { unknownFolder } from './pickRun';
import type { ReadOnlyFiles } from './readOnlyFiles';
import type { Memory, RunColours } from './runColours';
import type { RunPagesOwner } from './runPages';
import type { Folders } from './serverConnection';

/** The pages of experiments. */
export interface ExperimentPagesOwner extends Disposable {
  open(folder: string, experimentId: ExperimentId): Promise<void>;
}

export interface ExperimentPagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly memory: Memory;
  readonly folders: Folders;
  readonly colours: RunColours;
  readonly files: ReadOnlyFiles;
  readonly runPages: RunPagesOwner;
  readonly errors: Errors;
  readonly log: vscode.LogOutputChannel;
}

const RESTORE_MS = 300; // After the first paint, so that the start of the window does not wait for it.

/** Loads the pages' host when it is first needed, or shortly after the start for pages that VS Code restores. */
export function createExperimentPagesOwner(options: ExperimentPagesOptions): ExperimentPagesOwner {
  const { extensionUri, memory, folders, colours, files, runPages, errors, log } = options;
  const owned = new Owned();
  let loading: Promise<ExperimentPages> | null = null;
  const pages = () => (loading ??= load());
  const load = async (): Promise<ExperimentPages> => {
    const { createExperimentPages } = await later();
    return owned.add(
      createExperimentPages({
        extensionUri,
        memory,
        colours,
        files,
        linkOf(folder) {
          const link = folders.ofPath(folder);
          if (link === undefined) throw unknownFolder(folder);
          return link;
        },
        openRun: (folder, runId, how) => runPages.open(folder, runId, how),
        execute: async (command, argument) => {
          await vscode.commands.executeCommand(command, argument);
        },
        log: (error) => log.error(error instanceof Error ? error : String(error)),
      }),
    );
  };
  const soon = setTimeout(() => errors.background('experiment pages', pages()), RESTORE_MS);
  owned.onDispose(() => clearTimeout(soon));

  return {
    open: async (folder, experimentId) => (await pages()).open(folder, experimentId),
    dispose: () => owned.dispose(),
  };
}
