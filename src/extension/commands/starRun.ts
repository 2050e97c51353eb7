import * as vscode from 'vscode';
import { TAGS } from '../../model/run';
import { COMMANDS } from '../ids';
import { markRuns } from '../markRuns';
import type { Services } from '../services';

/** Marks runs with a star: a person's own mark, which the tree, the table and the pages show. */
export const starRun = {
  id: COMMANDS.starRun,
  run: (services: Services, ...args: readonly unknown[]) =>
    markRuns(
      services,
      args,
      { key: TAGS.starred, value: 'true' },
      {
        title: vscode.l10n.t('Star Run'),
        accepts: (run) => run.tags[TAGS.starred] !== 'true',
      },
    ),
};
