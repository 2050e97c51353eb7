import { UserError, isAbortError, messageOf } from '../base/errors';
import type { AttemptId, RunId, RunSnapshot } from '../model/run';
import type { TakenSnapshot } from './ledger';
import type { QueueServices } from './queue';

/** The snapshot of a run, or why there is none; a refusal says why its script must not start. */
export interface KeptCode extends TakenSnapshot {
  readonly refusal: string | null;
}

export interface CodeRequest {
  readonly runId: RunId;
  /** Where the run starts. */
  readonly folder: string;
  /** Larger files are named and left out. */
  readonly maxFileBytes: number | undefined;
}

/** Without git a run goes on without a snapshot; any other trouble means that the code would be lost. */
export async function keepCode(
  { location, takeSnapshot: take, log }: QueueServices,
  { runId, folder, maxFileBytes }: CodeRequest,
  signal: AbortSignal,
): Promise<KeptCode> {
  try {
    const snapshot = await take({
      folder,
      snapshots: location.snapshots,
      runId,
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
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
  { ledger, location, hashLeftOut, log }: QueueServices,
  attemptId: AttemptId,
  snapshot: RunSnapshot,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (hashLeftOut === undefined || snapshot.leftOut.length === 0) return;
  try {
    const { snapshots } = location;
    const leftOut = await hashLeftOut({ folder, snapshots, leftOut: snapshot.leftOut, signal });
    await ledger.snapshotTaken(attemptId, { snapshot: { ...snapshot, leftOut }, reason: null });
  } catch (error) {
    if (!isAbortError(error)) log(error); // The files stay named, without their hashes.
  }
}
