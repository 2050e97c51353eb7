import type { MetricValue } from './metricsSection';
import type { Showing } from './rows';

/** What the page remembers while it is hidden or closed: how it looks, and what VS Code needs to make it again. */
export interface CompareMemory extends Showing {
  readonly folder: string;
  readonly runIds: readonly string[];
  readonly value: MetricValue;
  /** Whether long values take as many lines as they need. */
  readonly wrap: boolean;
  readonly scrollTop: number;
}

/** Reads what an earlier version of the page left; what is missing or odd is as at first. */
export function readCompareMemory(state: unknown): CompareMemory {
  const fields = new Map(typeof state === 'object' && state !== null ? Object.entries(state) : []);
  const texts = (key: string) => {
    const value: unknown = fields.get(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  const text = (key: string) => {
    const value: unknown = fields.get(key);
    return typeof value === 'string' ? value : '';
  };
  const scrollTop: unknown = fields.get('scrollTop');
  return {
    folder: text('folder'),
    runIds: texts('runIds'),
    folded: texts('folded'),
    all: texts('all'),
    filter: text('filter'),
    value: fields.get('value') === 'last' ? 'last' : 'best',
    wrap: fields.get('wrap') === true,
    scrollTop: typeof scrollTop === 'number' ? scrollTop : 0,
  };
}
