import { UserError, isAbortError, messageOf } from '../base/errors';
import { editSnapshot, topOf } from '../capture/snapshot';
import type { FileEdit } from '../model/param';
import { type CodeRequest, type KeptCode, keepCode } from './keepCode';
import type { QueueServices } from './queue';

/** As keepCode, with the files that this run alone has otherwise: the snapshot is of what it really runs. */
export async function editedCode(
  services: QueueServices,
  request: CodeRequest & { readonly edits: readonly FileEdit[] },
  signal: AbortSignal,
): Promise<KeptCode> {
  const { runId, folder, edits } = request;
  const kept = await keepCode(services, request, signal);
  if (edits.length === 0 || kept.refusal !== null) return kept;
  if (kept.snapshot === null) {
    const refusal = `Files cannot be changed for this run alone. ${kept.reason ?? ''}`;
    return { ...kept, refusal };
  }
  try {
    const { snapshots } = services.location;
    const top = await topOf(folder, signal);
    const { snapshot } = kept;
    return {
      ...kept,
      snapshot: await editSnapshot({ snapshots, runId, snapshot, top, folder, edits, signal }),
    };
  } catch (error) {
    if (isAbortError(error)) throw error;
    if (!(error instanceof UserError)) services.log(error);
    return { ...kept, snapshot: null, refusal: `The script was not started: ${messageOf(error)}` };
  }
}
