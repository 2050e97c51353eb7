import { readdirSync } from 'node:fs';
import path from 'node:path';
import { cleanCheckouts, tidyCheckout } from '../capture/checkoutRecord';
import { type RunDetail, type RunId, TAGS, isOver, isRunId } from '../model/run';
import { checkoutsOf } from './isolate';
import type { QueueServices } from './queue';

const MOST_NAMES = 100; // A tag is for looking at; the folder has them all.

/**
 * Clears up the checkout of a run that has ended. Files that the run made or changed stay, and the run names them;
 * with none the folder goes. Of older runs such files go beyond a limit (CHECKOUT_LIMITS).
 */
export async function tidyAfter({ ledger, location }: QueueServices, run: RunDetail): Promise<void> {
  // Its helpers go on in there; they are left alone, and so is what they stand on.
  if (run.reason?.startsWith('The script left processes running') === true) return;
  const folder = checkoutsOf(location);
  const kept = tidyCheckout(path.join(folder, run.runId));
  if (kept.length === 0) return;
  await ledger.setTags(run.runId, {
    [TAGS.checkout]: path.relative(location.folder, path.join(folder, run.runId)),
    [TAGS.newFiles]: JSON.stringify(kept.slice(0, MOST_NAMES)),
  });
  for (const removed of cleanCheckouts(folder)) {
    if (isRunId(removed) && ledger.run(removed) !== null) {
      await ledger.setTags(removed, { [TAGS.checkout]: '', [TAGS.newFiles]: '[]' });
    }
  }
}

/** Runs that have ended and whose checkouts nobody has cleared up: a server was killed before it could. */
export function endedCheckouts({ ledger, location }: QueueServices): readonly RunId[] {
  return recordsIn(checkoutsOf(location))
    .map((name) => name.replace(/\.json$/, ''))
    .filter(isRunId)
    .filter((runId) => isOver(ledger.run(runId)?.state ?? 'running'));
}

function recordsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    /* There never was a checkout. */
    return [];
  }
}
