import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { Services } from '../services';

/** Opens what a run printed as read-only text. Arguments: a run's row or id; or another part of an open output. */
export const openOutputAsText = {
  id: COMMANDS.openOutputAsText,
  async run(services: Services, ...args: readonly unknown[]) {
    const part = partArgument(args[0]);
    if (part !== null) return services.outputDocuments.open(part, part.place);
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Open Output as Text'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found === undefined) return;
    const { name, outputPath } = found.run;
    if (outputPath === null) throw notHere(name);
    await services.outputDocuments.open({ runName: name, file: outputPath });
  },
};

export function notHere(runName: string): UserError {
  return new UserError(
    'run-without-runner',
    vscode.l10n.t('{0} was not started by Winnow: its output is where it was started.', runName),
  );
}

function partArgument(value: unknown): { file: string; runName: string; place: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('file' in value) || !('runName' in value) || !('place' in value)) return null;
  const { file, runName, place } = value;
  if (typeof file !== 'string' || typeof runName !== 'string' || typeof place !== 'number') return null;
  return { file, runName, place };
}
