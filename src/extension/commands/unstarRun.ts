import * as vscode from 'vscode';
import { TAGS } from '../../model/run';
import { COMMANDS } from '../ids';
import { markRuns } from '../markRuns';
import type { Services } from '../services';

/** Takes the star off runs. */
export const unstarRun = {
  id: COMMANDS.unstarRun,
  run: (services: Services, ...args: readonly unknown[]) =>
    markRuns(
      services,
      args,
      { key: TAGS.starred, value: null },
      {
        title: vscode.l10n.t('Remove Star'),
        accepts: (run) => run.tags[TAGS.starred] === 'true',
      },
    ),
};
