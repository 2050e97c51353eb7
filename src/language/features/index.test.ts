import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hoverFeatures } from '.';

test('every hover is in the list', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /Hover\.ts$/.test(name));
  expect(hoverFeatures.map(({ kind }) => `${kind}Hover.ts`).sort()).toEqual(files.sort());
});
