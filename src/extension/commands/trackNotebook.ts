import * as vscode from 'vscode';
import { UserError } from '../../base/errors';
import { clientVariablesFor } from '../clientVariables';
import { COMMANDS } from '../ids';
import { type Kernel, kernelOf, runInKernel } from '../jupyter';
import { later } from '../load';
import { chosenNotebook } from '../notebooks';
import type { FolderLink } from '../serverConnection';
import type { Services } from '../services';

/**
 * Gives a live kernel what its `mlflow` calls need to arrive here. Through the Jupyter extension where it is there;
 * without it a line is copied that does the same when a cell runs it. The notebook is not touched.
 */
export const trackNotebook = {
  id: COMMANDS.trackNotebook,
  async run(services: Services, ...args: readonly unknown[]) {
    const notebook = await chosenNotebook(args, vscode.l10n.t('Track This Notebook'));
    if (notebook === undefined) return;
    const link = services.folders.ofFile(notebook);
    await link.client();
    const variables = await clientVariablesFor(link);
    if (variables === null) return;
    const kernel = await kernelOf(notebook);
    if (kernel === 'no-extension') return copyLine(link, variables);
    if (kernel === 'no-kernel') {
      throw new UserError(
        'no-kernel',
        vscode.l10n.t('The notebook has no kernel yet. Run a cell of it first, then track it.'),
      );
    }
    await track(link, kernel, variables);
  },
};

async function track(link: FolderLink, kernel: Kernel, variables: Record<string, string>): Promise<void> {
  const { kernelCode } = await later();
  await runInKernel(kernel, kernelCode(variables));
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Tracked by Winnow: what this kernel logs with mlflow from now on is shown in the Experiments view of {0}. Track it again when the kernel was restarted.',
      link.folder.name,
    ),
  );
}

async function copyLine(link: FolderLink, variables: Record<string, string>): Promise<void> {
  const { writeKernelFile } = await later();
  const file = await writeKernelFile(link.folder.uri.fsPath, variables);
  await vscode.env.clipboard.writeText(`%run "${file}"`);
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'The Jupyter extension is not here, so Winnow cannot reach the kernel itself. A line was copied: paste it into a cell and run it, and what the kernel logs with mlflow arrives. There is no secret in the line.',
    ),
  );
}
