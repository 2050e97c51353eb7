import { UserError, isAbortError, messageOf } from '../base/errors';
import type { RunId, RunSnapshot } from '../model/run';
import type { TakenSnapshot } from './ledger';
import type { QueueServices } from './queue';

/** The snapshot of a run, or why there is none; a refusal says why its script must not start. */
export interface KeptCode extends TakenSnapshot {
  readonly refusal: string | null;
}

export interface CodeRequest {
  readonly runId: RunId;
  /** Which start of the run; the first when absent. */
  readonly attempt?: number;
  /** Where the run starts. */
  readonly folder: string;
  /** Larger files are named and left out. */
  readonly maxFileBytes: number | undefined;
  /** Called when the code is kept and the script may start. */
  readonly onKept?: () => void;
}

/** Without git a run goes on without a snapshot; any other trouble means that the code would be lost. */
export async function keepCode(
  { location, takeSnapshot: take, log }: QueueServices,
  { runId, attempt, folder, maxFileBytes, onKept }: CodeRequest,
  signal: AbortSignal,
): Promise<KeptCode> {
  try {
    const snapshot = await take({
      folder,
      snapshots: location.snapshots,
      runId,
      ...(attempt === undefined ? {} : { attempt }),
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      ...(onKept === undefined ? {} : { onKept }),
      signal,
    });
    return { snapshot, reason: null, refusal: null };
  } catch (error) {
    if (isAbortError(error)) throw error;
    if (error instanceof UserError && error.code === 'git-missing') {
      return {
        snapshot: null,
        reason: `The code of this run was not kept: ${error.message}`,
        refusal: null,
      };
    }
    if (!(error instanceof UserError)) log(error);
    const refusal = `The code could not be kept, so the script was not started: ${messageOf(error)}`;
    return { snapshot: null, reason: null, refusal };
  }
}

/** Large files are hashed while the script runs, so that nobody waits for them. */
export async function completeSnapshot(
  { location, hashLeftOut, log }: QueueServices,
  save: (snapshot: RunSnapshot) => Promise<void>,
  snapshot: RunSnapshot,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (hashLeftOut === undefined || snapshot.leftOut.length === 0) return;
  try {
    const { snapshots } = location;
    const leftOut = await hashLeftOut({ folder, snapshots, leftOut: snapshot.leftOut, signal });
    await save({ ...snapshot, leftOut });
  } catch (error) {
    if (!isAbortError(error)) log(error); // The files stay named, without their hashes.
  }
}
