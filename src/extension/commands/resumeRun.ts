import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ResumePlan } from '../../model/attempt';
import { formatAge } from '../../model/format';
import { quoteWord, splitWords } from '../../model/paramValue';
import type { Run } from '../../model/run';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/**
 * Starts a run that was stopped, failed or lost once more as a new attempt, from the checkpoint that is found. The
 * arguments are shown before, and can be changed.
 */
export const resumeRun = {
  id: COMMANDS.resumeRun,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Resume Run'),
      accepts: isResumable,
      none: vscode.l10n.t('No run was stopped, has failed or was lost'),
    });
    if (found === undefined) return undefined;
    const { link, run } = found;
    const client = await link.client();
    const { plan } = await client.call('planResume', { runId: run.runId });
    const line = await vscode.window.showInputBox({
      title: vscode.l10n.t('Resume {0} as Attempt {1}', run.name, plan.number),
      prompt: promptOf(plan),
      value: plan.args.map(quoteWord).join(' '),
      placeHolder: vscode.l10n.t('Arguments of the script'),
      ignoreFocusOut: true,
      validateInput: (text) =>
        splitWords(text) === null ? vscode.l10n.t('A quote is not closed.') : undefined,
    });
    const words = line === undefined ? null : splitWords(line);
    if (words === null) return undefined;
    const env = Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    await client.call('resumeRun', {
      ...{ requestId: randomUUID(), runId: run.runId },
      ...{ args: [...words], env: Object.fromEntries(env) },
    });
    services.charts.turnOn([run.runId]);
    services.outputs.show(link, (await client.call('getRun', { runId: run.runId })).run, {
      preserveFocus: true,
    });
    return run.runId;
  },
};

function isResumable({ state, hasRunner }: Run): boolean {
  return hasRunner && (state === 'stopped' || state === 'failed' || state === 'lost');
}

function promptOf({ checkpoint, flag }: ResumePlan): string {
  if (checkpoint === null) {
    return vscode.l10n.t(
      'No checkpoint of an earlier attempt was found: the script starts as it did before.',
    );
  }
  const name = path.basename(checkpoint.path);
  const age = formatAge(checkpoint.writtenAt, Date.now());
  return flag === null
    ? vscode.l10n.t('The script finds its checkpoint by itself. The newest is {0} ({1}).', name, age)
    : vscode.l10n.t('Goes on from {0} ({1}), given by {2}.', name, age, flag);
}
