import { lstatSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { type BytePath, inFolder, joinPaths, pathText, toBytePath } from '../git/bytePath';

/** What a checkout was made of: everything else in it was made by its run. Paths with one character a byte. */
export const checkoutRecord = z.object({
  /** Path → "size:modified" in nanoseconds. */
  files: z.record(z.string(), z.string()),
  links: z.array(z.string()),
});

export type CheckoutRecord = z.output<typeof checkoutRecord>;

export function recordOf(
  target: string,
  files: Iterable<BytePath>,
  links: Iterable<BytePath>,
): CheckoutRecord {
  const stamps: Record<string, string> = {};
  for (const file of files) {
    const stamp = stampOf(inFolder(target, file));
    if (stamp !== null) stamps[file] = stamp;
  }
  return { files: stamps, links: [...links] };
}

/**
 * Takes away what a checkout was made of, and tool caches. What its run made or changed stays.
 * @returns the paths of what stayed, sorted; with none the folder is gone, too.
 */
export function tidyCheckout(target: string): readonly string[] {
  const record = readRecord(`${target}.json`);
  if (record === null) return [];
  const links = new Set(record.links);
  const kept: string[] = [];
  tidy(toBytePath(''));
  rmSync(`${target}.json`, { force: true });
  return kept.sort();

  /** Whether nothing is left of the folder. */
  function tidy(folder: BytePath): boolean {
    const at = folder === '' ? target : inFolder(target, folder);
    let isEmpty = true;
    for (const entry of listed(at)) {
      const name = entry.name.toString('latin1');
      const file = joinPaths(folder, toBytePath(name));
      const place = inFolder(target, file);
      if (name === '__pycache__' || name.endsWith('.pyc')) rmSync(place, { recursive: true, force: true });
      else if (entry.isSymbolicLink() && links.has(file)) rmSync(place, { force: true });
      else if (entry.isDirectory()) isEmpty = tidy(file) && isEmpty;
      else if (record?.files[file] === stampOf(place)) rmSync(place, { force: true });
      else {
        kept.push(pathText(file));
        isEmpty = false;
      }
    }
    if (isEmpty) removeFolder(at);
    return isEmpty;
  }
}

export interface CheckoutLimits {
  readonly count: number;
  readonly bytes: number;
}

/** So many runs keep files that they made in a checkout, and so much of them: whoever wants more moves them away. */
export const CHECKOUT_LIMITS: CheckoutLimits = { count: 50, bytes: 20e9 };

/**
 * Removes the oldest checkouts that hold nothing but what their runs made, beyond the limits.
 * @returns the names of those removed: ids of runs.
 */
export function cleanCheckouts(
  folder: string,
  { count, bytes }: CheckoutLimits = CHECKOUT_LIMITS,
): readonly string[] {
  const ended = listed(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name.toString()))
    .filter((target) => lstatSync(`${target}.json`, { throwIfNoEntry: false }) === undefined)
    .map((target) => ({ target, at: lstatSync(target).mtimeMs, size: sizeOf(target) }))
    .sort((a, b) => b.at - a.at);
  const removed: string[] = [];
  let total = 0;
  for (const [index, { target, size }] of ended.entries()) {
    total += size;
    if (index === 0 || (index < count && total <= bytes)) continue;
    rmSync(target, { recursive: true, force: true });
    removed.push(path.basename(target));
  }
  return removed;
}

function sizeOf(folder: string): number {
  let size = 0;
  for (const entry of listed(folder)) {
    const at = path.join(folder, entry.name.toString());
    size += entry.isDirectory() ? sizeOf(at) : (lstatSync(at, { throwIfNoEntry: false })?.size ?? 0);
  }
  return size;
}

function listed(folder: string | Buffer) {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    /* Somebody removed it: nothing is left to look at. */
    return [];
  }
}

function removeFolder(folder: string | Buffer): void {
  try {
    rmdirSync(folder);
  } catch {
    /* Something came into it at this moment: it stays. */
  }
}

function stampOf(file: string | Buffer): string | null {
  const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined || stats.isDirectory() ? null : `${stats.size}:${stats.mtimeNs}`;
}

function readRecord(file: string): CheckoutRecord | null {
  try {
    return checkoutRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    /* Not there: it was tidied before. */
    return null;
  }
}
