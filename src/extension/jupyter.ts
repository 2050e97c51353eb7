import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { UserError } from '../base/errors';

/** The part of the Jupyter extension's API that is used. It asks the person once whether Winnow may use kernels. */
const jupyterApi = z.object({
  kernels: z.object({
    getKernel: z.custom<(uri: vscode.Uri) => Thenable<unknown>>((value) => typeof value === 'function'),
  }),
});

const kernelApi = z.object({
  language: z.string(),
  executeCode: z.custom<(code: string, token: vscode.CancellationToken) => AsyncIterable<unknown>>(
    (value) => typeof value === 'function',
  ),
});

export interface Kernel {
  /** Runs code beside the cells: it is no cell, and counts as none. */
  executeCode(code: string, token: vscode.CancellationToken): AsyncIterable<unknown>;
}

/**
 * The kernel that a notebook has running.
 * @throws UserError 'kernel-refused' when Winnow may not use it, 'kernel-language' when it is none of Python's.
 */
export async function kernelOf(notebook: vscode.Uri): Promise<Kernel | 'no-extension' | 'no-kernel'> {
  const extension = vscode.extensions.getExtension<unknown>('ms-toolsai.jupyter');
  if (extension === undefined) return 'no-extension';
  let found: unknown;
  try {
    found = await jupyterApi.parse(await extension.activate()).kernels.getKernel(notebook);
  } catch (error) {
    throw new UserError(
      'kernel-refused',
      vscode.l10n.t('The Jupyter extension does not let Winnow reach the kernel. Allow it, and try again.'),
      { cause: error },
    );
  }
  if (found === undefined || found === null) return 'no-kernel';
  const kernel = kernelApi.parse(found);
  if (kernel.language !== 'python') {
    throw new UserError(
      'kernel-language',
      vscode.l10n.t('Only kernels of Python can be tracked, and this one is of {0}.', kernel.language),
    );
  }
  // Called on the kernel itself: it may need to know itself.
  return { executeCode: (code, token) => kernel.executeCode.call(found, code, token) };
}

const output = z.object({ items: z.array(z.object({ mime: z.string() })) });
const ERROR_MIME = 'application/vnd.code.notebook.error';

/** Runs code in a kernel to its end. @throws UserError 'kernel-failed' when it raised. */
export async function runInKernel(kernel: Kernel, code: string): Promise<void> {
  const cancellation = new vscode.CancellationTokenSource();
  try {
    for await (const each of kernel.executeCode(code, cancellation.token)) {
      const shown = output.safeParse(each);
      if (shown.success && shown.data.items.some(({ mime }) => mime === ERROR_MIME)) {
        throw new UserError('kernel-failed', vscode.l10n.t('The kernel could not take the variables.'));
      }
    }
  } finally {
    cancellation.dispose();
  }
}
