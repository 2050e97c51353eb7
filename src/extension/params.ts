import type * as vscode from 'vscode';
import type { Disposable } from '../base/lifecycle';
import { Owned } from '../base/lifecycle';
import type { RunDetail } from '../model/run';
import { debugScript } from './debugScript';
import { COMMANDS } from './ids';
import { later } from './load';
import type { ParamsForms as Forms } from './panels/paramsPanel';
import type { FolderLink } from './serverConnection';
import type { Memory } from './runColours';
import type { Services } from './services';
import { saveFolder, startScript } from './startScript';

/** The pages "Run with Params", one a script. */
export interface ParamsForms extends Disposable {
  /** Shows the form of a script; with a run, with the values of that one. */
  open(link: FolderLink, script: vscode.Uri, run?: RunDetail): Promise<void>;
}

/** What the forms need of the window. */
export interface ParamsOptions {
  /** The services, once they are all there. */
  readonly services: () => Services;
  readonly memory: Memory;
  readonly commands: Pick<typeof vscode.commands, 'executeCommand'>;
}

/** Loads the forms' host when one is first needed, or shortly after the start for pages that VS Code restores. */
export function createParamsOwner({ services, memory, commands }: ParamsOptions): ParamsForms {
  const owned = new Owned();
  let loading: Promise<Forms> | null = null;
  const forms = () => (loading ??= load());

  const load = async (): Promise<Forms> => {
    const { createParamsForms, pythonFor } = await later();
    const all = services();
    return owned.add(
      createParamsForms({
        extensionUri: all.extensionUri,
        memory,
        link: (folder) => all.folders.ofPath(folder),
        colours: all.colours,
        save: saveFolder,
        start: (link, script, args, chosen) => startScript(all, { link, script, args, chosen }),
        python: (link) => pythonFor(link.folder),
        openRun: async (folder, runId) => {
          await commands.executeCommand(COMMANDS.openRun, { folder, runId });
        },
        async debug(link, script, args, chosen) {
          await debugScript(all, { link, script, args, chosen });
        },
        log: (error) => all.log.error(error instanceof Error ? error : String(error)),
      }),
    );
  };

  // A page that VS Code restores after a reload waits for its host.
  const soon = setTimeout(() => services().errors.background('forms', forms()), RESTORE_MS);
  owned.onDispose(() => clearTimeout(soon));
  return {
    async open(link, script, run) {
      (await forms()).open(link, script, run);
    },
    dispose: () => owned.dispose(),
  };
}

const RESTORE_MS = 350; // After the first paint, so that the start of the window does not wait for it.
