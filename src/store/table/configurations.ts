import { createHash } from 'node:crypto';
import type { Sliced } from '../../base/slices';
import { isSeed } from '../../model/noise';
import type { Db } from '../database';
import type { Journal } from '../journal';
import { TextColumn } from './column';
import type { Members } from './members';

const KEYS_A_SLICE = 1_000;
const MOST_CHANGED = 20_000;
const LONGEST_PLAIN = 48; // Longer texts are kept as their digest.

/**
 * The configuration of each run, which is all its params but those that seed random numbers, and its seeds: each as a
 * number that is equal for equal ones. Read once, in slices, and kept up to date by what changed since.
 */
export class Configurations {
  private configurations = new TextColumn(0);
  private seeds = new TextColumn(0);
  private seq = -1;
  private removals = -1;
  private loading: Sliced<void> | null = null;
  private readonly params;
  private readonly changed;

  constructor(
    db: Db,
    private readonly journal: Journal,
    private readonly members: Members,
  ) {
    this.params = db
      .prepare<[number, number], [number, string, string]>(
        `SELECT run_key, key, value FROM params WHERE run_key > ? AND run_key <= ? ORDER BY run_key, key`,
      )
      .raw();
    this.changed = db
      .prepare<[number, number], number>('SELECT run_key FROM runs WHERE seq > ? LIMIT ?')
      .pluck();
  }

  /** Brings it up to date. */
  *refresh(): Sliced<void> {
    if (this.removals !== this.journal.removals()) {
      this.removals = this.journal.removals();
      this.seq = -1;
    }
    while (this.seq < 0) {
      // Whoever asks meanwhile works at the same list.
      this.loading ??= this.load();
      if (this.loading.next().done === true) this.loading = null;
      yield;
    }
    const seq = this.journal.seq();
    if (seq === this.seq) return;
    const keys = this.changed.all(this.seq, MOST_CHANGED);
    if (keys.length === MOST_CHANGED) {
      this.seq = -1;
      return void (yield* this.refresh());
    }
    this.seq = seq;
    for (const key of keys) this.read(key - 1, key);
  }

  /** 0 for a run without params. */
  configurationOf(key: number): number {
    return this.configurations.code(key);
  }

  /** 0 for a run without a seed. */
  seedsOf(key: number): number {
    return this.seeds.code(key);
  }

  private *load(): Sliced<void> {
    const seq = this.journal.seq();
    const newest = this.members.keyCount();
    this.configurations = new TextColumn(newest + 100);
    this.seeds = new TextColumn(newest + 100);
    for (let after = -1; after < newest; after += KEYS_A_SLICE) {
      this.read(after, after + KEYS_A_SLICE);
      yield;
    }
    this.seq = seq;
  }

  private read(after: number, last: number): void {
    let current = -1;
    let configuration: string[] = [];
    let seeds: string[] = [];
    const keep = () => {
      if (current < 0) return;
      this.configurations.set(current, short(JSON.stringify(configuration)));
      this.seeds.set(current, seeds.length === 0 ? null : short(JSON.stringify(seeds)));
    };
    for (const [key, name, value] of this.params.all(after, last)) {
      if (key !== current) {
        keep();
        current = key;
        configuration = [];
        seeds = [];
      }
      (isSeed(name) ? seeds : configuration).push(name, value);
    }
    keep();
  }
}

function short(text: string): string {
  return text.length <= LONGEST_PLAIN ? text : createHash('sha1').update(text).digest('base64');
}
