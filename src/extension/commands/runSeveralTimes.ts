import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { later } from '../load';
import { scriptOf } from '../scripts';
import type { Services } from '../services';
import { relativeWithin, startScript } from '../startScript';

const MOST = 1000;

/** Queues a script several times, each with another seed: one run alone says little about a change. */
export const runSeveralTimes = {
  id: COMMANDS.runSeveralTimes,
  async run(services: Services, ...args: readonly unknown[]) {
    const title = vscode.l10n.t('Run Several Times');
    const script = await scriptOf(args, title);
    if (script === undefined) return;
    const typed = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('How many runs, each with another seed'),
      value: '5',
      validateInput: (text) =>
        /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MOST
          ? undefined
          : vscode.l10n.t('A number from 1 to {0}.', MOST),
    });
    if (typed === undefined) return;
    const link = services.folders.ofFile(script);
    const directory = link.folder.uri.fsPath;
    const { filesOnDisk, planSeeds } = await later();
    const plan = await planSeeds(
      relativeWithin(directory, script.fsPath),
      [],
      Number(typed),
      filesOnDisk(directory),
    );
    for (const { seed, args: own, variables, edits } of plan.runs) {
      const params = plan.param === null ? {} : { [plan.param]: String(seed) };
      const chosen = { mode: 'queue', variables, edits, params, note: '' } as const;
      await startScript(services, { link, script, args: own, chosen });
    }
    if (plan.param !== null) return;
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'No param of the script takes a seed, so each run finds its own in WINNOW_SEED, and PYTHONHASHSEED is set.',
      ),
    );
  },
};
