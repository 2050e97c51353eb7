import type { XAxis } from '../charts/card';

/** What the charts page remembers while it is hidden or closed: how it looks, never what is true. */
export interface Memory {
  readonly axis: XAxis;
  readonly smoothing: number;
  readonly ignoreOutliers: boolean;
  readonly filter: string;
  readonly hiddenRuns: readonly string[];
  readonly logarithmic: readonly string[];
  readonly asTable: readonly string[];
  readonly systemIsOpen: boolean;
  readonly scrollTop: number;
}

/** Reads what an earlier version of the page left; what is missing or odd is as at first. */
export function readMemory(state: unknown): Memory {
  const fields = new Map(typeof state === 'object' && state !== null ? Object.entries(state) : []);
  const names = (key: string) => {
    const value: unknown = fields.get(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  const filter: unknown = fields.get('filter');
  const smoothing: unknown = fields.get('smoothing');
  const scrollTop: unknown = fields.get('scrollTop');
  return {
    axis: fields.get('axis') === 'time' ? 'time' : 'step',
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing <= 0.99 ? smoothing : 0,
    ignoreOutliers: fields.get('ignoreOutliers') === true,
    filter: typeof filter === 'string' ? filter : '',
    hiddenRuns: names('hiddenRuns'),
    logarithmic: names('logarithmic'),
    asTable: names('asTable'),
    systemIsOpen: fields.get('systemIsOpen') === true,
    scrollTop: typeof scrollTop === 'number' ? scrollTop : 0,
  };
}

/** A list with the item put in, or taken out when it was there. */
export function toggled(list: readonly string[], item: string): readonly string[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
