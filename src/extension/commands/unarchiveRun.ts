import * as vscode from 'vscode';
import { TAGS } from '../../model/run';
import { COMMANDS } from '../ids';
import { markRuns } from '../markRuns';
import type { Services } from '../services';

/** Brings runs back that were put aside. */
export const unarchiveRun = {
  id: COMMANDS.unarchiveRun,
  run: (services: Services, ...args: readonly unknown[]) =>
    markRuns(
      services,
      args,
      { key: TAGS.archived, value: null },
      {
        title: vscode.l10n.t('Take Run out of the Archive'),
        accepts: (run) => run.tags[TAGS.archived] === 'true',
      },
    ),
};
