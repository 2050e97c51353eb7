import * as vscode from 'vscode';
import { TAGS } from '../../model/run';
import { COMMANDS } from '../ids';
import { markRuns } from '../markRuns';
import type { Services } from '../services';

/** Puts runs aside: lists leave them out unless they are asked for them. Nothing is deleted. */
export const archiveRun = {
  id: COMMANDS.archiveRun,
  run: (services: Services, ...args: readonly unknown[]) =>
    markRuns(
      services,
      args,
      { key: TAGS.archived, value: 'true' },
      {
        title: vscode.l10n.t('Archive Run'),
        accepts: (run) => run.tags[TAGS.archived] !== 'true',
      },
    ),
};
