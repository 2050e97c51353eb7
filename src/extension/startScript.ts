import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import type { Overrides } from '../model/param';
import type { RunId } from '../model/run';
import type { RequestOf } from '../api/endpoints';
import { later } from './load';
import type { FolderLink } from './serverConnection';
import type { Services } from './services';
import { setting } from './settings';

/** What is to be started. */
export interface ScriptStart {
  readonly link: FolderLink;
  readonly script: vscode.Uri;
  readonly args: readonly string[];
  /** The working directory; the workspace folder when absent. */
  readonly directory?: string;
  /** The experiment when the person chose one. */
  readonly experiment?: string;
  /** What the person chose in the form for this run; absent: it runs now, as the script is. */
  readonly chosen?: ChosenRun;
  /** A debugger that waits for the script. */
  readonly debug?: NonNullable<RequestOf<'startRun'>['debug']>;
}

/** One run of the form. */
export interface ChosenRun {
  readonly mode: 'now' | 'queue';
  readonly variables: Overrides['variables'];
  readonly edits: Overrides['edits'];
  readonly params: Readonly<Record<string, string>>;
  /** Why it is run; empty: nobody said. */
  readonly note: string;
  /** Absent: none of its own when it runs at once, one when it waits and there is one. */
  readonly gpuCount?: number;
}

type Needs = Pick<Services, 'tree' | 'outputs' | 'charts' | 'errors' | 'setContext'>;

/**
 * Starts a script as a run, shows it in the tree, turns it on in charts and opens its output. Connects to the
 * folder's server first, which starts it when it does not run.
 */
export async function startScript(services: Needs, start: ScriptStart): Promise<RunId> {
  const { link, script, args } = start;
  await saveFolder(link);
  await checkExists(script);
  const python = await choose(services, link);
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Starting {0}', path.basename(script.fsPath)),
    },
    async () => {
      const directory = start.directory ?? link.folder.uri.fsPath;
      const client = await link.client();
      const { runId } = await client.call('startRun', {
        requestId: randomUUID(),
        script: relativeWithin(directory, script.fsPath),
        args: [...args],
        folder: directory,
        python,
        experiment: start.experiment ?? null,
        name: null,
        maxSnapshotFileBytes: Math.max(
          0,
          Math.round(setting('snapshot.maxFileSizeMB', link.folder) * 1024 * 1024),
        ),
        printedMetrics: setting('run.printedMetrics', link.folder),
        env: {
          ...definedOnly(process.env),
          ...(setting('run.hook', link.folder) ? {} : { WINNOW_HOOK: '0' }),
        },
        ...(start.chosen === undefined ? {} : chosenFields(start.chosen)),
        ...(start.debug === undefined ? {} : { debug: start.debug }),
      });
      services.charts.turnOn([runId]);
      // What waits has no output yet, and many at once would open as many terminals.
      if (start.chosen?.mode !== 'queue') {
        services.errors.background('show the new run', show(services, link, runId));
      }
      return runId;
    },
  );
}

function chosenFields({ mode, variables, edits, params, note, gpuCount }: ChosenRun) {
  return {
    mode,
    variables: { ...variables },
    edits: edits.map((edit) => ({ ...edit })),
    params: { ...params },
    ...(gpuCount === undefined ? {} : { gpuCount }),
    ...(note === '' ? {} : { note }),
  };
}

async function choose({ setContext }: Needs, link: FolderLink): Promise<string> {
  const { pythonFor } = await later();
  try {
    const python = await pythonFor(link.folder);
    setContext('winnow.pythonMissing', false);
    return python;
  } catch (error) {
    if (error instanceof UserError && error.code === 'python-missing')
      setContext('winnow.pythonMissing', true);
    throw error;
  }
}

async function show({ tree, outputs }: Needs, link: FolderLink, runId: RunId): Promise<void> {
  if (setting('run.showOutput', link.folder)) {
    const client = await link.client();
    const { run } = await client.call('getRun', { runId });
    outputs.show(link, run, { preserveFocus: true });
  }
  if (tree.view.visible) await tree.reveal(link, runId, { focus: false });
}

/** The run and its snapshot get what the editor shows. Files of other folders are none of its business. */
export async function saveFolder(link: FolderLink): Promise<void> {
  if (!setting('run.saveBeforeRun', link.folder)) return;
  const changed = [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments].filter(
    (document) =>
      document.isDirty &&
      document.uri.scheme === 'file' &&
      vscode.workspace.getWorkspaceFolder(document.uri) === link.folder,
  );
  for (const document of changed) {
    if (await document.save()) continue;
    throw new UserError(
      'not-saved',
      vscode.l10n.t(
        '{0} could not be saved, so the run was not started. Save it by hand, or turn off "winnow.run.saveBeforeRun".',
        vscode.workspace.asRelativePath(document.uri),
      ),
    );
  }
}

async function checkExists(script: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.stat(script);
  } catch (error) {
    throw new UserError(
      'script-missing',
      vscode.l10n.t(
        'There is no script {0} any more. Choose another one.',
        vscode.workspace.asRelativePath(script),
      ),
      { cause: error },
    );
  }
}

/** A path below a folder relative to it, any other as it is. */
export function relativeWithin(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  const isBelow = relative !== '' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return isBelow ? relative : file;
}

/** An environment as the API takes it. */
export function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
