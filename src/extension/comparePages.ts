import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import type { RunId } from '../model/run';
import type { Errors } from './errors';
import { later } from './load';
import type { ComparePages } from './panels/comparePanel';
import { unknownFolder } from './pickRun';
import type { ReadOnlyFiles } from './readOnlyFiles';
import type { RunColours } from './runColours';
import type { RunPagesOwner } from './runPages';
import type { Folders } from './serverConnection';

/** The pages that show runs side by side. */
export interface ComparePagesOwner extends Disposable {
  /** The runs become columns in this order; the first one is the base. */
  open(folder: string, runIds: readonly RunId[]): Promise<void>;
}

export interface ComparePagesOptions {
  readonly extensionUri: vscode.Uri;
  readonly folders: Folders;
  readonly colours: RunColours;
  readonly files: ReadOnlyFiles;
  readonly runPages: RunPagesOwner;
  readonly errors: Errors;
  readonly log: vscode.LogOutputChannel;
}

const RESTORE_MS = 300; // After the first paint, so that the start of the window does not wait for it.

/** Loads the pages' host when it is first needed, or shortly after the start for pages that VS Code restores. */
export function createComparePagesOwner(options: ComparePagesOptions): ComparePagesOwner {
  const { extensionUri, folders, colours, files, runPages, errors, log } = options;
  const owned = new Owned();
  let loading: Promise<ComparePages> | null = null;
  const pages = () => (loading ??= load());
  const load = async (): Promise<ComparePages> => {
    const { createComparePages } = await later();
    return owned.add(
      createComparePages({
        extensionUri,
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
  const soon = setTimeout(() => errors.background('compare pages', pages()), RESTORE_MS);
  owned.onDispose(() => clearTimeout(soon));

  return {
    open: async (folder, runIds) => (await pages()).open(folder, runIds),
    dispose: () => owned.dispose(),
  };
}
