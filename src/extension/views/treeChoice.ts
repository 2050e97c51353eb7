import type { Disposable } from '../../base/lifecycle';
import { Emitter } from '../../base/events';
import type { Memory } from '../runColours';

/** What the runs of an experiment stand under. 'parent': children stand under the run that made them. */
export type TreeGrouping =
  | { readonly kind: 'parent' }
  | { readonly kind: 'none' }
  | { readonly kind: 'state' }
  | { readonly kind: 'day' }
  | { readonly kind: 'param'; readonly name: string };

export const TREE_SORTS = ['newest', 'best', 'name', 'duration'] as const;
export type TreeSort = (typeof TREE_SORTS)[number];

/** How a person wants the tree. */
export interface TreeChoice {
  readonly grouping: TreeGrouping;
  readonly sort: TreeSort;
  /** In the search language; '' is all. */
  readonly filter: string;
  readonly showsArchived: boolean;
}

export const PLAIN_CHOICE: TreeChoice = {
  grouping: { kind: 'parent' },
  sort: 'newest',
  filter: '',
  showsArchived: false,
};

/** The choice of this workspace: kept over reloads, with the filters that were used before. */
export interface TreeChoices extends Disposable {
  readonly choice: TreeChoice;
  /** The newest first. */
  readonly filters: readonly string[];
  change(change: Partial<TreeChoice>): void;
  /** Keeps a filter among those that are offered again. */
  remember(filter: string): void;
  readonly onDidChange: (listener: (choice: TreeChoice) => void) => Disposable;
}

const KEY = 'winnow.tree';
const FILTERS_KEY = 'winnow.treeFilters';
const MOST_FILTERS = 20;

export function createTreeChoices(memory: Memory, onError: (error: unknown) => void): TreeChoices {
  let choice = readChoice(memory.get(KEY));
  const changed = new Emitter<TreeChoice>(onError);
  const filters = () => {
    const kept = memory.get(FILTERS_KEY);
    return Array.isArray(kept) ? kept.filter((item) => typeof item === 'string') : [];
  };
  return {
    get choice() {
      return choice;
    },
    get filters() {
      return filters();
    },
    change(change) {
      const next = { ...choice, ...change };
      if (JSON.stringify(next) === JSON.stringify(choice)) return;
      choice = next;
      void memory.update(KEY, next);
      changed.fire(next);
    },
    remember(filter) {
      if (filter.trim() === '') return;
      const others = filters().filter((one) => one !== filter);
      void memory.update(FILTERS_KEY, [filter, ...others].slice(0, MOST_FILTERS));
    },
    onDidChange: changed.on,
    dispose: () => changed.dispose(),
  };
}

/** Reads what an earlier version kept; what is missing or odd is as at first. */
export function readChoice(kept: unknown): TreeChoice {
  const fields = new Map(typeof kept === 'object' && kept !== null ? Object.entries(kept) : []);
  const filter: unknown = fields.get('filter');
  return {
    grouping: readGrouping(fields.get('grouping')),
    sort: TREE_SORTS.find((sort) => sort === fields.get('sort')) ?? PLAIN_CHOICE.sort,
    filter: typeof filter === 'string' ? filter : '',
    showsArchived: fields.get('showsArchived') === true,
  };
}

function readGrouping(kept: unknown): TreeGrouping {
  if (typeof kept !== 'object' || kept === null || !('kind' in kept)) return PLAIN_CHOICE.grouping;
  switch (kept.kind) {
    case 'none':
    case 'state':
    case 'day':
      return { kind: kept.kind };
    case 'param':
      return 'name' in kept && typeof kept.name === 'string'
        ? { kind: 'param', name: kept.name }
        : PLAIN_CHOICE.grouping;
    default:
      return PLAIN_CHOICE.grouping;
  }
}

/** Whether children stand under the run that made them; else every run stands for itself. */
export function isNested({ grouping, filter }: TreeChoice): boolean {
  return grouping.kind === 'parent' && filter === '';
}

/** Whether runs stand newest first with nothing in between, so that a new one has its place without asking. */
export function isPlain({ grouping, sort, filter }: TreeChoice): boolean {
  return filter === '' && sort === 'newest' && (grouping.kind === 'parent' || grouping.kind === 'none');
}
