import { describe, expect, it } from 'vitest';
import { chartKinds } from './index';

describe('the family of charts', () => {
  it('lists every file of charts/kinds', async () => {
    const files = import.meta.glob('./kinds/!(*.test).ts');
    expect(Object.keys(files)).toContain('./kinds/lines.ts');
    for (const [name, load] of Object.entries(files)) {
      const made = Object.values(Object(await load()));
      expect(
        chartKinds.some((kind) => made.includes(kind)),
        `${name} is a line in charts/index.ts`,
      ).toBe(true);
    }
  });

  it('has one member for each kind', () => {
    const kinds = chartKinds.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
