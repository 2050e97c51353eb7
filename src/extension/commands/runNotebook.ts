import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { COMMANDS } from '../ids';
import { chosenNotebook } from '../notebooks';
import type { Services } from '../services';
import { startScript } from '../startScript';

/** Executes a copy of a notebook, cell by cell, as a run. The notebook itself stays as it is. */
export const runNotebook = {
  id: COMMANDS.runNotebook,
  async run(services: Services, ...args: readonly unknown[]) {
    const notebook = await chosenNotebook(args, vscode.l10n.t('Run Notebook as Experiment'));
    if (notebook === undefined) return undefined;
    if (notebook.scheme !== 'file') {
      throw new UserError('not-saved', vscode.l10n.t('Save the notebook to a file first, then run it.'));
    }
    return startScript(services, { link: services.folders.ofFile(notebook), script: notebook, args: [] });
  },
};
