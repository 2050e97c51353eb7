import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import type { RunDetail } from '../../model/run';
import { formatBytes } from '../../model/format';
import { readOutputTimes } from '../../platform/outputFile';
import { runPaths } from '../../platform/attemptFiles';
import { COMMANDS } from '../ids';
import { type OutputHit, searchExpression, searchOutput as search } from '../outputSearch';
import { runOf } from '../pickRun';
import type { Services } from '../services';
import { notHere } from './openOutputAsText';

const LIMIT = 1_000; // More is no list any more: a narrower search is.

/** Searches all that a run printed, also long ago, and shows the place of the hit that is chosen. */
export const searchOutput = {
  id: COMMANDS.searchOutput,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Search Output'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found === undefined) return;
    const { name, outputPath: file } = found.run;
    if (file === null) throw notHere(name);
    const expression = await askExpression(found.run);
    if (expression === undefined) return;
    const [{ hits, isWhole }, timeOf] = await Promise.all([
      searchWithProgress(name, file, expression),
      readOutputTimes(runPaths(path.dirname(file)).outputIndex),
    ]);
    const chosen = await chooseHit(name, hits, isWhole, timeOf);
    if (chosen !== undefined) await services.outputDocuments.open({ runName: name, file }, chosen.offset);
  },
};

async function askExpression(run: RunDetail): Promise<RegExp | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Search the Output of {0}', run.name),
    placeHolder: vscode.l10n.t('Text, or a regular expression between slashes: /loss: \\d/i'),
    validateInput: (text) =>
      text !== '' && searchExpression(text) === null
        ? vscode.l10n.t('This is not a regular expression.')
        : undefined,
  });
  return typed === undefined || typed === '' ? undefined : (searchExpression(typed) ?? undefined);
}

function searchWithProgress(name: string, file: string, expression: RegExp) {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Searching the output of {0}', name),
      cancellable: true,
    },
    async (progress, token) => {
      const cancelled = new AbortController();
      token.onCancellationRequested(() => cancelled.abort());
      let shown = 0;
      const onProgress = (bytes: number) => {
        if (bytes - shown < 20_000_000) return;
        shown = bytes;
        progress.report({ message: formatBytes(bytes) });
      };
      try {
        return await search({ file, expression, limit: LIMIT, onProgress }, cancelled.signal);
      } catch (error) {
        if (!(error instanceof UserError && error.code === 'too-slow')) throw error;
        throw new UserError(
          'search-slow',
          vscode.l10n.t(
            'The expression {0} takes too long on this output. Make it simpler: repeats within repeats, such as (a+)+, are what takes time.',
            String(expression),
          ),
          { cause: error },
        );
      }
    },
  );
}

async function chooseHit(
  name: string,
  hits: readonly OutputHit[],
  isWhole: boolean,
  timeOf: (offset: number) => number | null,
): Promise<OutputHit | undefined> {
  if (hits.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing was found in the output of {0}.', name));
    return undefined;
  }
  const items = hits.map((hit) => ({ label: hit.text, description: placeOf(hit, timeOf(hit.offset)), hit }));
  const count = isWhole
    ? vscode.l10n.t('{0} lines', hits.length)
    : vscode.l10n.t('The first {0} lines', hits.length);
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('{0} in the output of {1}', count, name),
    matchOnDescription: true,
  });
  return chosen?.hit;
}

function placeOf({ line }: OutputHit, at: number | null): string {
  const place = vscode.l10n.t('line {0}', line);
  return at === null ? place : `${place} · ${new Date(at).toLocaleString()}`;
}
