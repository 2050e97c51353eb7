/** What the form remembers while it is hidden, closed or the window is loaded again: what was typed. */
export interface FormMemory {
  /** What was typed, by the params' names; the others have their defaults. */
  readonly values: Readonly<Record<string, string>>;
  readonly note: string;
  /** Null: as the queue gives them. */
  readonly gpuCount: number | null;
  readonly filter: string;
  /** The param on the x axis of the chart; empty: the one with most values. */
  readonly x: string;
  readonly asTable: boolean;
}

/** Reads what an earlier version of the page left; what is missing or odd is as at first. */
export function readFormMemory(state: unknown): FormMemory {
  const fields = new Map<string, unknown>(
    typeof state === 'object' && state !== null ? Object.entries(state) : [],
  );
  const text = (key: string) => {
    const value = fields.get(key);
    return typeof value === 'string' ? value : '';
  };
  const values = fields.get('values');
  const gpuCount = fields.get('gpuCount');
  return {
    values: Object.fromEntries(
      (typeof values === 'object' && values !== null ? Object.entries(values) : []).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    note: text('note'),
    gpuCount: typeof gpuCount === 'number' && Number.isInteger(gpuCount) && gpuCount >= 0 ? gpuCount : null,
    filter: text('filter'),
    x: text('x'),
    asTable: fields.get('asTable') === true,
  };
}
