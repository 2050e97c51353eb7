/** A param or a tag. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** Names that clients choose as a record: `__proto__` is a name like any other. */
export function recordFrom(rows: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

/** Rows by what they belong to, in their order. */
export function groupedBy<K, T>(rows: Iterable<T>, keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
