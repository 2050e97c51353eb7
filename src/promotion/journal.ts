import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { promotion as promotionSchema } from '../api/schemas';
import { findRepository } from '../git/repository';
import type { Promotion } from '../model/promotion';
import { readJson, writeFileAtomic } from '../platform/atomicFile';
import { type RefChange, moveRefs, readRefs } from './refs';
import type { PromotionTools } from './tools';

/**
 * What is about to happen to the refs, written before it does. An entry that is still there at the next start
 * belongs to a promotion or an undo that a crash cut off.
 */
export interface JournalEntry {
  /** What is stored once the refs have moved. */
  readonly promotion: Promotion;
  readonly changes: readonly RefChange[];
}

const schema = z.object({
  promotion: promotionSchema(),
  changes: z.array(z.object({ ref: z.string(), from: z.nullable(z.string()), to: z.nullable(z.string()) })),
});

/** Carries out an entry: the refs move, the promotion is stored, the entry goes. */
export async function carryOut(
  tools: PromotionTools,
  entry: JournalEntry,
  reason: string,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const file = entryFile(tools, entry);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, JSON.stringify(entry));
  try {
    // From here on it cannot be left: a git that is ended in the middle might have moved one of two.
    await moveRefs(tools.git, entry.promotion.repository, entry.changes, reason);
  } catch (error) {
    // Somebody may have ended that git: what is there decides.
    if (await settle(tools, entry)) return;
    throw error;
  }
  await tools.save(entry.promotion);
  await rm(file, { force: true });
}

/**
 * Settles what a crash cut off: finished when a ref has moved already, else forgotten as if it had never
 * begun. Call it once when the server starts.
 * @returns the promotions that were finished.
 */
export async function recoverPromotions(tools: PromotionTools): Promise<Promotion[]> {
  const folder = path.join(tools.directory, 'journal');
  const names = await readdir(folder).catch(() => []);
  const finished: Promotion[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const entry = await readJson(path.join(folder, name), schema);
    // Cut or from a newer version: it stays for whoever can read it.
    if (entry !== null && (await settle(tools, entry))) finished.push(entry.promotion);
  }
  return finished;
}

/** @returns whether the entry was carried out in the end. */
async function settle(tools: PromotionTools, entry: JournalEntry): Promise<boolean> {
  const { git } = tools;
  const { repository } = entry.promotion;
  const file = entryFile(tools, entry);
  if ((await findRepository(git, repository).catch(() => null)) === null) return false; // Not there now: ask again later.
  const now = await readRefs(
    git,
    repository,
    entry.changes.map(({ ref }) => ref),
  );
  const moved = entry.changes.map(({ to }, index) => now[index] === to);
  const open = entry.changes.filter((_, index) => moved[index] !== true);
  if (open.length === entry.changes.length) {
    await rm(file, { force: true });
    return false;
  }
  if (open.length > 0) {
    try {
      await moveRefs(git, repository, open, 'winnow: finish what was interrupted');
    } catch {
      // The rest cannot follow (somebody took the name): put back what had moved, so that it is nothing.
      const back = entry.changes
        .filter((_, index) => moved[index] === true)
        .map(({ ref, from, to }) => ({ ref, from: to, to: from }));
      await moveRefs(git, repository, back, 'winnow: put back what was interrupted');
      await rm(file, { force: true });
      return false;
    }
  }
  await tools.save(entry.promotion);
  await rm(file, { force: true });
  return true;
}

function entryFile(tools: PromotionTools, { promotion }: JournalEntry): string {
  return path.join(tools.directory, 'journal', `${promotion.promotionId}.json`);
}
