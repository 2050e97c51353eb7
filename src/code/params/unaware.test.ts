import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkValue } from '../args';
import { type ScriptFiles, readScriptParams } from './index';

const ROOT = 'test/fixtures/unaware';

interface Expected {
  readonly script: string;
  readonly found?: Readonly<
    Record<string, { source: string; via: string; type: string; default: string | null }>
  >;
  readonly set?: Readonly<Record<string, string>>;
}

const filesOf = (folder: string): ScriptFiles => ({
  read: (path) => readFile(join(folder, path), 'utf8').catch(() => null),
  list: (path) => readdir(join(folder, path)).catch(() => []),
});

const names = readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'expected.json')));

describe('a real script', () => {
  test.each(names)('%s shows its params, and takes what is set', async (name) => {
    const folder = join(ROOT, name);
    const expected: Expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    const { specs, files } = await readScriptParams(expected.script, filesOf(folder));
    const found = Object.fromEntries(
      specs.map((spec) => [
        spec.name,
        { source: spec.source, via: spec.route.via, type: spec.type, default: spec.defaultValue },
      ]),
    );
    expect(found).toMatchObject(expected.found ?? {});
    expect(files[0]).toBe(expected.script);
    for (const spec of specs) {
      const value = expected.set?.[spec.name];
      if (value !== undefined) expect(checkValue(spec, value)).toBeNull();
    }
  });
});
