import type { CompareWith } from '../../../src/api/runPage';
import { isRunId } from '../../../src/model/run';

/** What a run's page remembers while it is hidden or closed: how it looks, never what is true. */
export interface RunMemory {
  /** What VS Code needs to make the page again after a reload. */
  readonly folder: string;
  readonly runId: string;
  readonly compareWith: CompareWith;
  /** Areas that are folded, by name. */
  readonly folded: readonly string[];
  /** Folders of artifacts that are open. */
  readonly openFolders: readonly string[];
  readonly logarithmic: readonly string[];
  readonly asTable: readonly string[];
  readonly filter: string;
  /** A note that was not saved yet; null: nobody edits it. */
  readonly draft: string | null;
  readonly scrollTop: number;
}

/** Reads what an earlier version of the page left; what is missing or odd is as at first. */
export function readRunMemory(state: unknown): RunMemory {
  const fields = new Map(typeof state === 'object' && state !== null ? Object.entries(state) : []);
  const names = (key: string) => {
    const value: unknown = fields.get(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  const text = (key: string) => {
    const value: unknown = fields.get(key);
    return typeof value === 'string' ? value : null;
  };
  const compareWith = text('compareWith');
  const scrollTop: unknown = fields.get('scrollTop');
  return {
    folder: text('folder') ?? '',
    runId: text('runId') ?? '',
    compareWith: compareWith === 'none' || isRunId(compareWith) ? compareWith : 'champion',
    folded: names('folded'),
    openFolders: names('openFolders').slice(0, 50),
    logarithmic: names('logarithmic'),
    asTable: names('asTable'),
    filter: text('filter') ?? '',
    draft: text('draft'),
    scrollTop: typeof scrollTop === 'number' ? scrollTop : 0,
  };
}
