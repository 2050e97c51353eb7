import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { Owned } from '../base/lifecycle';
import { createChartsOwner } from './charts';
import { createComparePagesOwner } from './comparePages';
import { createExperimentPagesOwner } from './experimentPages';
import { commands } from './commands/index';
import { type Errors, createErrors } from './errors';
import { COMMANDS, type ContextKeys, VIEWS } from './ids';
import { createLanguageSupport } from './languageSupport';
import { createOutputDocuments } from './outputDocuments';
import { createParamsOwner } from './params';
import { createOutputTerminals } from './outputTerminals';
import { createReadOnlyFiles } from './readOnlyFiles';
import { createRunColours } from './runColours';
import { createRunPagesOwner } from './runPages';
import { createFolders } from './serverConnection';
import type { Services } from './services';
import { createStatusBar } from './statusBar';
import { createSuggestedScript } from './suggestedScript';
import { type TestApi, shownRows } from './testApi';
import { createTrackedTerminals } from './trackedTerminals';
import { createExperimentsTree } from './views/experimentsTree';
import { createQueueModel } from './views/queueModel';
import { createQueueView } from './views/queueView';
import { createTreeChoices } from './views/treeChoice';

/**
 * The composition root of the window: builds everything by hand, in order, and owns it. Nothing here reads a
 * folder or starts a process; what is heavy is loaded when it is first needed.
 */
export function activate(context: vscode.ExtensionContext): TestApi {
  const startedAt = performance.now();
  const owned = new Owned();
  context.subscriptions.push(owned);
  const log = owned.add(vscode.window.createOutputChannel('Winnow', { log: true }));
  const errors = createErrors(log);
  let services: Services | null = null;

  if (vscode.workspace.isTrusted) {
    services = openWindow(context, owned, errors, log);
  } else {
    const restricted = owned.add(restrictWindow(log));
    owned.add(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        restricted.dispose();
        services = openWindow(context, owned, errors, log);
      }),
    );
  }

  const activationMs = performance.now() - startedAt;
  return {
    activationMs,
    async ready() {
      await services?.folders.connectAll();
      await services?.tree.rows();
    },
    rows: async (parent) => (services === null ? [] : shownRows(services.tree, parent)),
    selection: () => services?.tree.view.selection ?? [],
    message: () => services?.tree.view.message,
    badge: () => services?.tree.view.badge?.value ?? 0,
  };
}

/** Everything that a trusted window has. */
function openWindow(
  context: vscode.ExtensionContext,
  owned: Owned,
  errors: Errors,
  log: vscode.LogOutputChannel,
): Services {
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath;
  const folders = owned.add(createFolders({ dist, log, errors }));
  const colours = owned.add(createRunColours(context.workspaceState));
  const waiting = owned.add(createQueueModel(folders, errors));
  const choices = owned.add(createTreeChoices(context.workspaceState, (error) => errors.report(error)));
  const tree = owned.add(createExperimentsTree({ folders, colours, waiting, choices, errors, setContext }));
  const queue = owned.add(createQueueView({ folders, model: waiting, errors, setContext }));
  const outputs = owned.add(createOutputTerminals({ log, executeCommand: vscode.commands.executeCommand }));
  const outputDocuments = owned.add(createOutputDocuments());
  const files = owned.add(createReadOnlyFiles(folders));
  const charts = owned.add(
    createChartsOwner({
      extensionUri: context.extensionUri,
      memory: context.workspaceState,
      folders,
      colours,
      errors,
      log,
      executeCommand: vscode.commands.executeCommand,
    }),
  );
  const { extensionUri, globalStorageUri: storage, workspaceState: memory } = context;
  const runPages = owned.add(
    createRunPagesOwner({ extensionUri, memory, folders, colours, files, errors, log }),
  );
  const comparePages = owned.add(
    createComparePagesOwner({ extensionUri, folders, colours, files, runPages, errors, log }),
  );
  const experimentPages = owned.add(
    createExperimentPagesOwner({ extensionUri, memory, folders, colours, files, runPages, errors, log }),
  );
  const forms = owned.add(createParamsOwner({ services: () => services, memory, commands: vscode.commands }));
  const services: Services = {
    extensionUri,
    storage,
    folders,
    colours,
    charts,
    runPages,
    comparePages,
    experimentPages,
    forms,
    tree,
    choices,
    queue,
    outputs,
    outputDocuments,
    files,
    errors,
    log,
    setContext,
  };
  for (const command of commands) {
    owned.add(
      vscode.commands.registerCommand(command.id, (...args: unknown[]) =>
        errors.guard(() => command.run(services, ...args)),
      ),
    );
  }
  owned.add(createStatusBar(tree));
  owned.add(createTrackedTerminals({ variables: context.environmentVariableCollection, folders, errors }));
  owned.add(createSuggestedScript({ tree, errors, setContext }));
  owned.add(createLanguageSupport({ dist, folders, errors, log }));
  // Runs that go on from before are shown at once; a server is started when the view is looked at.
  errors.background('connect', folders.connectRunning());
  return services;
}

/**
 * Restricted Mode: nothing of the folder is read and nothing is started. The commands are there and say why
 * they do nothing; the view's welcome text says what trust would give.
 */
function restrictWindow(log: vscode.LogOutputChannel): Owned {
  const owned = new Owned();
  for (const view of Object.values(VIEWS)) {
    owned.add(
      vscode.window.createTreeView(view, {
        treeDataProvider: {
          getChildren: () => [],
          getTreeItem: (row: never) => row,
        },
      }),
    );
  }
  for (const { id } of commands) {
    owned.add(
      vscode.commands.registerCommand(id, async () => {
        if (id === COMMANDS.showLog) {
          log.show(true);
          return;
        }
        const manage = vscode.l10n.t('Manage Workspace Trust');
        const chosen = await vscode.window.showWarningMessage(
          vscode.l10n.t(
            'This folder is not trusted, so Winnow reads nothing in it and starts nothing. Trust it to run its scripts and see its runs.',
          ),
          manage,
        );
        if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
      }),
    );
  }
  return owned;
}

function setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  if (contextValues.get(key) === value) return;
  contextValues.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

/** What was set last: setting a key redraws menus, and most settings change nothing. */
const contextValues = new Map<string, unknown>();
