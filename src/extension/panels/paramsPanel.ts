import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Channel } from '../../api/pageRpc';
import {
  type FormKnown,
  type FormScript,
  type FormValues,
  type FormTyped,
  MOST_RUNS_AT_ONCE,
  type ParamsHost,
  type ParamsPage,
  type ParamsView,
  formTyped,
  paramsHostRequests,
} from '../../api/paramsPage';
import { UserError, messageOf } from '../../base/errors';
import { type Disposable, Owned } from '../../base/lifecycle';
import { type ScriptFiles, readScriptParams } from '../../code/params';
import { renderCommand } from '../../code/shellLine';
import { readWinnowYaml } from '../../code/winnowYaml';
import type { RunDetail, RunId } from '../../model/run';
import type { FolderLink } from '../folderLink';
import type { Memory, RunColours } from '../runColours';
import type { ChosenRun } from '../startScript';
import { accept } from './accept';
import { type Handlers, hostPage } from './pageHost';
import { createPageMemory } from './pageMemory';
import { valuesOfArgs } from './params/argValues';
import { editorFiles, pathWithin } from './params/files';
import { nothingKnown, readKnown } from './params/known';
import { type PlannedRun, planRuns, previewForm } from './params/preview';

/** What the forms need of the window. */
export interface ParamsServices {
  readonly extensionUri: vscode.Uri;
  /** Where it is kept what was typed. */
  readonly memory: Memory;
  /** The folder with this path; undefined when it is not open in the window. */
  link(folder: string): FolderLink | undefined;
  readonly colours: Pick<RunColours, 'slotOf' | 'onDidChange'>;
  /** Saves what is unsaved in the folder, as before every run. */
  save(link: FolderLink): Promise<void>;
  start(link: FolderLink, script: vscode.Uri, args: readonly string[], chosen: ChosenRun): Promise<RunId>;
  /** The interpreter as a command names it. */
  python(link: FolderLink): Promise<string>;
  openRun(folder: string, runId: RunId): Promise<void>;
  /** Starts the script in the debugger, tracked as any run. */
  debug(link: FolderLink, script: vscode.Uri, args: readonly string[], chosen: ChosenRun): Promise<void>;
  /** Hears of failures that nobody on the page waits for. */
  log(error: unknown): void;
}

/** The pages "Run with Params" of a window: one a script. */
export interface ParamsForms extends Disposable {
  /** Shows the form beside the script; with a run, with the values of that one. */
  open(link: FolderLink, script: vscode.Uri, run?: RunDetail): void;
}

export const PARAMS_VIEW_TYPE = 'winnow.params';

/** What the page keeps over a reload of the window, as far as the window needs it. */
const storedPlace = z.object({ place: z.object({ folder: z.string(), script: z.string() }) });

/** Prepares the forms; costs nothing until one is opened, or restored by VS Code after a reload. */
export function createParamsForms(services: ParamsServices): ParamsForms {
  const owned = new Owned();
  const forms = new Map<string, ParamsForm>();
  const typed = createPageMemory(services.memory, 'winnow.params', formTyped);
  let isEnding = false;

  const take = (panel: vscode.WebviewPanel, place: Place, run: RunDetail | null): void => {
    const key = keyOf(place);
    const form = new ParamsForm(services, panel, place, run, {
      read: () => typed.read(key),
      keep: (value) => typed.keep(key, value),
    });
    forms.set(key, form);
    panel.onDidDispose(() => {
      form.dispose();
      if (forms.get(key) !== form) return;
      forms.delete(key);
      // A form that is closed is done with; one that goes with its window comes back.
      if (!isEnding) typed.forget(key);
    });
  };

  owned.add(
    vscode.window.registerWebviewPanelSerializer(PARAMS_VIEW_TYPE, {
      deserializeWebviewPanel(panel, state: unknown) {
        const stored = storedPlace.safeParse(state);
        if (!stored.success || forms.has(keyOf(stored.data.place))) panel.dispose();
        else take(panel, stored.data.place, null);
        return Promise.resolve();
      },
    }),
  );
  owned.onDispose(() => {
    isEnding = true;
    for (const form of forms.values()) form.panel.dispose();
  });

  return {
    open(link, script, run) {
      const folder = link.folder.uri;
      const place = { folder: folder.fsPath, script: pathWithin(folder, script) ?? script.fsPath };
      const open = forms.get(keyOf(place));
      if (open !== undefined) {
        open.panel.reveal(undefined, false);
        if (run !== undefined) open.useRun(run);
        return;
      }
      const panel = vscode.window.createWebviewPanel(
        PARAMS_VIEW_TYPE,
        vscode.l10n.t('Run {0}', path.basename(script.fsPath)),
        columnFor(script),
      );
      take(panel, place, run ?? null);
    },
    dispose: () => owned.dispose(),
  };
}

interface Place {
  readonly folder: string;
  readonly script: string;
}

function keyOf({ folder, script }: Place): string {
  return `${folder}\n${script}`;
}

/** Beside the script when that is looked at, else where the person is. */
function columnFor(script: vscode.Uri): vscode.ViewColumn {
  const isShown = vscode.window.visibleTextEditors.some(
    ({ document }) => document.uri.toString() === script.toString(),
  );
  return isShown ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
}

const EDIT_MS = 250; // A pause in typing; reading a script takes some milliseconds.
const KNOWN_MS = 3_000; // Runs that log change all the time, and the form is not a chart.

class ParamsForm implements Disposable {
  private readonly owned = new Owned();
  private readonly channel: Channel<ParamsPage>;
  private readonly script: vscode.Uri;
  private link: FolderLink | undefined;
  private readonly files: ScriptFiles;
  private found: FormScript;
  private watched = new Set<string>();
  private pageIsReady = false;
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  private knownTimer: ReturnType<typeof setTimeout> | undefined;
  private knownAt = 0;
  private starting = false;

  constructor(
    private readonly services: ParamsServices,
    readonly panel: vscode.WebviewPanel,
    private readonly place: Place,
    private fromRun: RunDetail | null,
    private readonly typed: { read(): FormTyped | null; keep(value: FormTyped): void },
  ) {
    const folder = vscode.Uri.file(place.folder);
    this.script = vscode.Uri.file(path.resolve(place.folder, place.script));
    this.files = editorFiles(folder);
    this.link = services.link(place.folder);
    const name = path.basename(place.script);
    this.found = { name, path: place.script, problem: null, specs: [], sources: [] };
    const icon = (theme: string) =>
      vscode.Uri.joinPath(services.extensionUri, 'media', `params-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const host = hostPage<ParamsPage, ParamsHost>(
      panel,
      { name: 'params', title: vscode.l10n.t('Run {0}', name), extensionUri: services.extensionUri },
      this.handlers(),
      (error) => services.log(error),
    );
    this.channel = host.channel;
    this.owned.add(host);
    this.listen();
  }

  /** Takes over the values of a run, as soon as the page is there. */
  useRun(run: RunDetail): void {
    this.fromRun = run;
    if (!this.pageIsReady) return;
    const from = this.valuesToTake();
    if (from !== null) this.tell(this.channel.call('useValues', from));
  }

  /** What the run is known to have had: its params, and its arguments for those that it did not log. Told once. */
  private valuesToTake(): ParamsView['from'] {
    const run = this.fromRun;
    if (run === null) return null;
    this.fromRun = null;
    return {
      name: run.name,
      values: { ...valuesOfArgs(this.found.specs, run.command?.args ?? []), ...run.params },
    };
  }

  dispose(): void {
    clearTimeout(this.readTimer);
    clearTimeout(this.knownTimer);
    this.owned.dispose();
  }

  private listen(): void {
    const { owned, panel, services } = this;
    owned.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.pageIsReady = false;
      }),
    );
    owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.onEdit(document.uri)));
    owned.add(vscode.workspace.onDidCloseTextDocument((document) => this.onEdit(document.uri)));
    const watcher = owned.add(
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.file(this.place.folder), '**/*.{py,yaml,yml,json,toml}'),
      ),
    );
    for (const happened of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      owned.add(happened((uri) => this.onEdit(uri)));
    }
    owned.add(services.colours.onDidChange(() => this.refreshKnown()));
    if (this.link !== undefined) {
      owned.add(this.link.onDidChange(() => this.refreshKnown()));
      owned.add(this.link.onFeed(() => this.refreshKnown()));
    }
  }

  private handlers(): Handlers<ParamsHost> {
    return {
      ready: accept(paramsHostRequests.ready, () => this.view()),
      keep: accept(paramsHostRequests.keep, (value) => {
        this.typed.keep(value);
        return Promise.resolve();
      }),
      preview: accept(paramsHostRequests.preview, ({ values }) =>
        previewForm(this.place.script, this.found.specs, values, this.files),
      ),
      start: accept(paramsHostRequests.start, (request) => this.start(request)),
      debug: accept(paramsHostRequests.debug, async ({ values, note }) => {
        const link = this.linkOrThrow();
        const [run] = await this.plan(values);
        if (run === undefined) return;
        await this.services.debug(
          link,
          this.script,
          run.overrides.args,
          chosenRun(run, 'now', note, undefined),
        );
      }),
      copyCommand: accept(paramsHostRequests.copyCommand, async ({ values }) => {
        const python = await this.services.python(this.linkOrThrow()).catch(() => 'python3');
        const runs = await this.plan(values);
        const lines = runs.map(({ overrides }) => renderCommand(python, this.place.script, overrides));
        await vscode.env.clipboard.writeText(lines.join('\n'));
      }),
      openRun: accept(paramsHostRequests.openRun, ({ runId }) =>
        this.services.openRun(this.place.folder, runId),
      ),
      openParam: accept(paramsHostRequests.openParam, ({ name }) => this.openParam(name)),
      openScript: accept(paramsHostRequests.openScript, async () => {
        await vscode.window.showTextDocument(this.script, { viewColumn: vscode.ViewColumn.One });
      }),
      connect: accept(paramsHostRequests.connect, async () => {
        await this.linkOrThrow().client();
        this.tell(this.channel.call('setKnown', await this.known()));
      }),
    };
  }

  private async view(): Promise<ParamsView> {
    await this.readScript();
    this.pageIsReady = true;
    // The form is there at once; what is known of runs follows.
    setImmediate(() => this.refreshKnown(0));
    return {
      script: this.found,
      known: nothingKnown('reading'),
      from: this.valuesToTake(),
      kept: this.typed.read(),
      place: this.place,
    };
  }

  private async readScript(): Promise<void> {
    const name = path.basename(this.place.script);
    const base = { name, path: this.place.script, specs: [], sources: [] };
    const problem =
      this.link === undefined
        ? vscode.l10n.t('The folder {0} is not open in this window.', this.place.folder)
        : path.isAbsolute(this.place.script)
          ? vscode.l10n.t('{0} lies outside of the folder {1}.', name, this.place.folder)
          : (await this.files.read(this.place.script)) === null
            ? vscode.l10n.t(
                '{0} could not be read: it is gone, or too large for a script.',
                this.place.script,
              )
            : null;
    if (problem !== null) {
      this.watched = new Set([this.place.script]);
      this.found = { ...base, problem };
      return;
    }
    const { specs, sources, files } = await readScriptParams(this.place.script, this.files);
    this.watched = new Set([this.place.script, ...files]);
    this.found = { ...base, problem: null, specs, sources };
  }

  private onEdit(uri: vscode.Uri): void {
    const relative = pathWithin(vscode.Uri.file(this.place.folder), uri);
    if (relative === null || !this.watched.has(relative)) return;
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => {
      const before = JSON.stringify(this.found);
      this.background(
        this.readScript().then(() => {
          if (!this.pageIsReady || JSON.stringify(this.found) === before) return;
          this.tell(this.channel.call('setScript', this.found));
          this.refreshKnown(0);
        }),
      );
    }, EDIT_MS);
  }

  /** Asks for what is known again, at once or when the last answer is old enough. */
  private refreshKnown(waitMs = KNOWN_MS): void {
    if (this.knownTimer !== undefined && waitMs > 0) return;
    clearTimeout(this.knownTimer);
    const due = waitMs === 0 ? 0 : Math.max(0, this.knownAt + waitMs - Date.now());
    this.knownTimer = setTimeout(() => {
      this.knownTimer = undefined;
      if (!this.pageIsReady) return;
      this.background(
        this.known().then((known) => {
          this.knownAt = Date.now();
          if (this.pageIsReady) this.tell(this.channel.call('setKnown', known));
        }),
      );
    }, due);
  }

  /** What the runs tell. A server that does not run is not started for it. */
  private async known(): Promise<FormKnown> {
    const { link } = this;
    if (link === undefined) return nothingKnown('none');
    try {
      if (link.status.kind !== 'connected') {
        if (!(await link.hasStore())) return nothingKnown('none');
        if (!(await link.connectIfRunning())) return nothingKnown('away');
      }
      const client = await link.client();
      return await readKnown(client, {
        script: this.place.script,
        specs: this.found.specs,
        experiment: await this.experiment(),
        slotOf: (runId) => this.services.colours.slotOf(runId),
      });
    } catch (error) {
      this.services.log(error);
      return nothingKnown('failed', messageOf(error));
    }
  }

  /** The experiment that winnow.yaml names, else the folder's name. */
  private async experiment(): Promise<string> {
    const text = await this.files.read('winnow.yaml');
    try {
      return (text === null ? null : readWinnowYaml(text).experiment) ?? path.basename(this.place.folder);
    } catch {
      /* A file with a mistake is said when a run is started; here it only names nothing. */
      return path.basename(this.place.folder);
    }
  }

  private async plan(values: FormValues): Promise<readonly PlannedRun[]> {
    const runs = await planRuns(this.found.specs, values, this.files);
    if (runs.length > MOST_RUNS_AT_ONCE) {
      throw new UserError(
        'too-many-runs',
        vscode.l10n.t(
          'These values are {0} runs; at most {1} are started at once. Leave some values out.',
          runs.length,
          MOST_RUNS_AT_ONCE,
        ),
      );
    }
    return runs;
  }

  private async start(request: Parameters<ParamsHost['start']>[0]): Promise<{ names: readonly string[] }> {
    const link = this.linkOrThrow();
    if (this.starting) {
      throw new UserError('starting', vscode.l10n.t('The runs before are still being started.'));
    }
    this.starting = true;
    try {
      // A formatter may change the file while it is saved: its params are read after that.
      await this.services.save(link);
      await this.readScript();
      const runs = await this.plan(request.values);
      const names: string[] = [];
      const client = await link.client();
      for (const [index, planned] of runs.entries()) {
        const mode = request.how === 'now' && index === 0 ? 'now' : 'queue';
        const runId = await this.services.start(
          link,
          this.script,
          planned.overrides.args,
          chosenRun(planned, mode, request.note, request.gpuCount),
        );
        const { run } = await client.call('getRun', { runId });
        names.push(run.name);
      }
      this.refreshKnown(0);
      return { names };
    } finally {
      this.starting = false;
    }
  }

  private async openParam(name: string): Promise<void> {
    const spec = this.found.specs.find((one) => one.name === name);
    if (spec === undefined) return;
    const uri = vscode.Uri.joinPath(vscode.Uri.file(this.place.folder), spec.file ?? this.place.script);
    const document = await vscode.workspace.openTextDocument(uri);
    const selection = new vscode.Range(
      document.positionAt(spec.range.from),
      document.positionAt(spec.range.to),
    );
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      selection,
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    });
  }

  private linkOrThrow(): FolderLink {
    if (this.link !== undefined) return this.link;
    throw new UserError(
      'folder-closed',
      vscode.l10n.t('The folder {0} is not open in this window.', this.place.folder),
    );
  }

  private background(work: Promise<void>): void {
    work.catch((error: unknown) => this.services.log(error));
  }

  /** A page that is closed meanwhile needs to hear nothing. */
  private tell(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'page-closed')) this.services.log(error);
    });
  }
}

function chosenRun(
  { overrides, params }: PlannedRun,
  mode: ChosenRun['mode'],
  note: string,
  gpuCount: number | undefined,
): ChosenRun {
  return {
    mode,
    variables: overrides.variables,
    edits: overrides.edits,
    params,
    note: note.trim(),
    ...(gpuCount === undefined ? {} : { gpuCount }),
  };
}
