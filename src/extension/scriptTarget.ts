import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import { runOf } from './pickRun';
import { scriptOf } from './scripts';
import type { Services } from './services';
import type { ScriptStart } from './startScript';
import { RunRow } from './views/runsModel';
import { isRunId } from '../model/run';

/**
 * What a command starts: the script of the run that it was called on, with its arguments and in its folder, or a
 * script as `scriptOf` finds it. Undefined when the person leaves the list.
 */
export async function targetOf(
  services: Services,
  args: readonly unknown[],
  title: string,
): Promise<ScriptStart | undefined> {
  const [first] = args;
  if (!(first instanceof RunRow) && !isRunId(first)) {
    const script = await scriptOf(args, title);
    return script && { link: services.folders.ofFile(script), script, args: [] };
  }
  const found = await runOf(services, args, { title, none: '' });
  if (found === undefined) return undefined;
  const { command, name } = found.run;
  if (command === null) {
    throw new UserError(
      'no-command',
      vscode.l10n.t('{0} was not started by Winnow, so it is not known how to start it again.', name),
    );
  }
  return {
    link: found.link,
    script: vscode.Uri.file(path.resolve(command.folder, command.script)),
    args: command.args,
    directory: command.folder,
  };
}
