import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ScriptFiles, findParams, readScriptParams } from './index';

const ROOT = 'test/fixtures/unaware';

const among = (texts: Readonly<Record<string, string>>): ScriptFiles => ({
  read: (path) => Promise.resolve(texts[path] ?? null),
  list: (folder) =>
    Promise.resolve(
      Object.keys(texts).flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
      ),
    ),
});

/** The same numbers each time. */
function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function textsIn(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    paths.map((one) => {
      const path = join(one.parentPath, one.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

describe('broken code', () => {
  const names = readdirSync(ROOT, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? [one.name] : [],
  );
  test.each(names)('%s, cut and torn anywhere, gives what it gives', async (name) => {
    const texts = textsIn(join(ROOT, name));
    const random = randomly(7);
    for (let round = 0; round < 12; round += 1) {
      const torn = Object.entries(texts).map(([path, text]) => {
        const [from, to] = [random() * text.length, random() * text.length].sort((a, b) => a - b);
        const rest = text.slice(0, from) + text.slice(round % 2 === 0 ? text.length : to);
        return [path, round % 3 === 0 ? rest.replaceAll('    ', '\t') : rest] as const;
      });
      const { specs } = await readScriptParams('train.py', among(Object.fromEntries(torn)));
      expect(new Set(specs.map((spec) => `${spec.subcommand ?? ''} ${spec.name}`)).size).toBe(specs.length);
    }
  });

  test.each([
    '\0'.repeat(1000),
    '\ufffd\ufffdLR = 0.1',
    '('.repeat(3000),
    'class A(A): lr: float = 1\n',
    '\ufeffLR = 0.1',
  ])('of %#. kind is no error', (source) => expect(Array.isArray(findParams(source))).toBe(true));
});

describe('files that name each other', () => {
  test('are read once', async () => {
    const { specs, files } = await readScriptParams(
      'train.py',
      among({
        'train.py': 'import argparse\nfrom a import f\np = argparse.ArgumentParser()\nf(p)',
        'a.py': 'from b import g\nfrom train import x\ndef f(p):\n  p.add_argument("--lr")\n  g(p)',
        'b.py': 'from a import f\ndef g(p):\n  p.add_argument("--seed")',
      }),
    );
    expect(specs.map(({ name, file }) => [name, file])).toEqual([
      ['lr', 'a.py'],
      ['seed', 'b.py'],
    ]);
    expect(files).toEqual(['train.py', 'a.py', 'b.py']);
  });

  test('as defaults of Hydra, end', async () => {
    const script =
      'import hydra\n@hydra.main(config_path="conf", config_name="config")\ndef main(c): pass\nmain()\n';
    const { specs } = await readScriptParams(
      'train.py',
      among({
        'train.py': script,
        'conf/config.yaml': 'defaults:\n  - other\n  - config\nlr: 0.1\n',
        'conf/other.yaml': 'defaults:\n  - config\nseed: 1\n',
      }),
    );
    expect(specs.map(({ name }) => name)).toEqual(['seed', 'lr']);
  });

  test('outside the folder are not read', async () => {
    const asked: string[] = [];
    await readScriptParams('train.py', {
      read(path) {
        asked.push(path);
        return Promise.resolve(
          path === 'train.py'
            ? 'import yaml\nc = yaml.safe_load(open("../../secret.yaml"))\nfrom ... import x\nopen("/etc/x.yaml")'
            : null,
        );
      },
    });
    expect(asked.filter((path) => path.startsWith('/') || path.includes('..'))).toEqual([]);
  });

  test('without end are not read without end', async () => {
    let count = 0;
    await readScriptParams('m0.py', {
      read(path) {
        count += 1;
        const number = Number(/^m(\d+)\.py$/.exec(path)?.[1] ?? NaN);
        return Promise.resolve(
          Number.isNaN(number) ? null : `from m${number + 1} import f\nfrom m${number + 2} import f\n`,
        );
      },
    });
    expect(count).toBeLessThan(200);
  });
});

test('a usual script is read in some milliseconds, with its files', async () => {
  const texts = textsIn(join(ROOT, 'hydra_groups'));
  await readScriptParams('train.py', among(texts)); // The first time, the parser gets ready.
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const startedAt = performance.now();
    await readScriptParams('train.py', among(texts));
    times.push(performance.now() - startedAt);
  }
  // The quickest: other programs of the machine slow all the others.
  expect(Math.min(...times)).toBeLessThan(50);
});

test('a file of thousands of definitions is read in seconds', () => {
  const source = `import argparse\n${'LR = 0.1\nx = f(a, b=[1, 2, 3])\nclass Config:\n    lr = 0.1\n'.repeat(2_000)}`;
  const startedAt = performance.now();
  findParams(source);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
