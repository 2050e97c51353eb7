import { chmod, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../capture/snapshot';
import { type Git, createGit } from '../git/git';
import { type TestRepository, fingerprint, testRepository } from '../git/testing';
import type { Promotion, PromotionPlan } from '../model/promotion';
import type { RunDetail, RunId } from '../model/run';
import { runProgram } from '../platform/spawn';
import { applyPromotion } from './apply';
import { recoverPromotions } from './journal';
import { planPromotion } from './plan';
import { readPlannedFile } from './readPlannedFile';
import type { PromotionTools } from './tools';
import { undoPromotion } from './undo';

const RUN_ID = 'c0ffee'.padEnd(32, '0') as RunId;

interface Scene extends Omit<TestRepository, 'run'> {
  readonly tools: PromotionTools;
  readonly saved: Promotion[];
  /** A finished run of the code as it is now. */
  run(change?: Partial<RunDetail>): Promise<RunDetail>;
}

async function scene(options: Parameters<typeof testRepository>[0] = {}): Promise<Scene> {
  const repository = await testRepository(options);
  const { folder, git } = repository;
  await repository.write('.winnow/.gitignore', '*\n');
  const winnow = path.join(folder, '.winnow');
  const saved: Promotion[] = [];
  const tools: PromotionTools = {
    git,
    folder,
    snapshots: path.join(winnow, 'snapshots.git'),
    directory: path.join(winnow, 'promotions'),
    save: (promotion) => void saved.push(promotion),
  };
  const run = async (change: Partial<RunDetail> = {}): Promise<RunDetail> => {
    const snapshot = await takeSnapshot({
      folder,
      snapshots: tools.snapshots,
      runId: RUN_ID,
      git,
      maxFileBytes: 1000,
    });
    const value = {
      last: 0.5,
      lastStep: 3,
      min: 0.25,
      minStep: 1,
      max: 0.9722222,
      maxStep: 2,
      first: 0.25,
      firstStep: 1,
      count: 3,
    };
    return {
      runId: RUN_ID,
      experimentId: '1' as RunDetail['experimentId'],
      experiment: 'digits',
      name: 'brisk-fox',
      state: 'finished',
      createdAt: 1_700_000_000_000,
      startedAt: 1_700_000_000_000,
      endedAt: 1_700_000_060_000,
      exitCode: 0,
      signal: null,
      reason: null,
      parentRunId: null,
      childCount: 0,
      hasRunner: true,
      deleted: false,
      params: { lr: '0.1', seed: '7' },
      metrics: { val_accuracy: value, loss: { ...value, last: NaN } },
      tags: {},
      command: { python: `${folder}/.venv/bin/python`, script: 'train.py', args: ['--lr', '0.1'], folder },
      snapshot,
      outputPath: null,
      artifactDirectory: folder,
      pid: null,
      ...change,
    };
  };
  return { ...repository, tools, saved, run };
}

/** A repository with a commit, a changed and an untracked file. */
async function usualScene(): Promise<Scene & { base: string }> {
  const at = await scene();
  await at.write('train.py', 'print(1)\n');
  await at.write('gone.py', 'gone\n');
  await at.write('same.py', 'same\n');
  const base = await at.commit('First');
  await at.write('train.py', 'print(2)\n');
  await at.write('lib/new.py', 'new\n');
  await rm(path.join(at.folder, 'gone.py'));
  return { ...at, base };
}

const outsideOfRefs = (file: string) =>
  file.startsWith('.winnow/') ||
  file.startsWith('.git/objects/') ||
  file.startsWith('.git/refs/') ||
  file.startsWith('.git/logs/refs/');
const outsideOfWinnow = (file: string) => file.startsWith('.winnow/');

async function expectSound(at: Scene) {
  const ended = await runProgram('git', ['-C', at.folder, 'fsck', '--strict', '--full', '--no-dangling']);
  expect(ended.stderr.replace(/^notice: .*\n/gm, '')).toBe('');
  expect(ended.code).toBe(0);
}

function code(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

describe('a plan', () => {
  test('says what would be written and changes nothing in the repository', async () => {
    const at = await usualScene();
    const run = await at.run();
    const before = await fingerprint(at.folder, outsideOfWinnow);
    const plan = await planPromotion(at.tools, run);
    expect(await fingerprint(at.folder, outsideOfWinnow)).toEqual(before);
    expect(plan).toMatchObject({
      runId: RUN_ID,
      repository: at.folder,
      base: at.base,
      branch: 'winnow/digits-v1',
      branchFrom: null,
      tag: 'digits/v1',
    });
    expect(plan.message.split('\n')[0]).toBe('Promote brisk-fox: val_accuracy 0.972222');
    expect(plan.files.map(({ path: file, change, origin }) => `${change} ${origin} ${file}`)).toEqual([
      'deleted code gone.py',
      'added code lib/new.py',
      'modified code train.py',
      'added record winnow/digits/MODEL_CARD.md',
      'added record winnow/digits/environment.txt',
      'added record winnow/digits/metrics.json',
      'added record winnow/digits/run.json',
    ]);
    expect(plan.files.find((file) => file.path === 'train.py')?.sizeBytes).toBe(9);
    expect(plan.gates.every(({ passed }) => passed)).toBe(true);
    expect(plan.notes).toContain("The repository's hooks are not run for this commit.");
  });

  test('shows each file before and after', async () => {
    const at = await usualScene();
    const plan = await planPromotion(at.tools, await at.run());
    const read = async (file: string, side: 'before' | 'after') =>
      (await readPlannedFile(at.tools, plan, file, side))?.toString('utf8') ?? null;
    expect(await read('train.py', 'before')).toBe('print(1)\n');
    expect(await read('train.py', 'after')).toBe('print(2)\n');
    expect(await read('gone.py', 'after')).toBeNull();
    expect(await read('lib/new.py', 'before')).toBeNull();
    expect(JSON.parse((await read('winnow/digits/run.json', 'after')) ?? '')).toMatchObject({
      argv: ['.venv/bin/python', 'train.py', '--lr', '0.1'],
      params: { lr: '0.1', seed: '7' },
      seed: '7',
      interpreter: '.venv/bin/python',
    });
    expect(JSON.parse((await read('winnow/digits/metrics.json', 'after')) ?? '')).toMatchObject({
      loss: { last: 'NaN', max: 0.9722222 },
    });
    const card = (await read('winnow/digits/MODEL_CARD.md', 'after')) ?? '';
    expect(card).toContain('**val_accuracy 0.972222** at step 2: the best single run.');
    expect(card).toContain('python train.py --lr 0.1\n');
    expect(card).not.toContain('better');
    expect(await read('winnow/digits/environment.txt', 'after')).toContain('were not recorded');
  });

  test('names the packages that were installed', async () => {
    const at = await usualScene();
    const plan = await planPromotion(
      { ...at.tools, freeze: () => Promise.resolve('numpy==2.0\n') },
      await at.run(),
    );
    const text = await readPlannedFile(at.tools, plan, 'winnow/digits/environment.txt', 'after');
    expect(text?.toString()).toMatch(/\nnumpy==2\.0\n$/);
  });

  test.each([
    [{ branch: '@' }, 'bad-branch-name'],
    [{ branch: 'refs/heads/x' }, 'bad-branch-name'],
    [{ branch: '-x' }, 'bad-branch-name'],
    [{ branch: 'HEAD' }, 'bad-branch-name'],
    [{ branch: 'a\nb' }, 'bad-branch-name'],
    [{ branch: 'a..b' }, 'bad-branch-name'],
    [{ branch: 'a/.b' }, 'bad-branch-name'],
    [{ branch: 'a.lock' }, 'bad-branch-name'],
    [{ branch: '' }, 'bad-branch-name'],
    [{ tag: 'x y' }, 'bad-tag-name'],
    [{ tag: 'x@{1}' }, 'bad-tag-name'],
    [{ branch: 'promo' }, 'branch-exists'],
    [{ branch: 'promo/x/y' }, 'branch-exists'],
    [{ branch: 'other' }, 'branch-exists'],
    [{ branch: 'main' }, 'branch-checked-out'],
    [{ tag: 'taken' }, 'tag-exists'],
    [{ tag: 'taken/x' }, 'tag-exists'],
    [{ message: ' \n' }, 'bad-message'],
  ])('refuses %j', async (options, expected) => {
    const at = await usualScene();
    await runProgram('git', ['-C', at.folder, 'branch', 'promo/x']);
    await runProgram('git', ['-C', at.folder, 'tag', 'taken']);
    const tree = (await runProgram('git', ['-C', at.folder, 'rev-parse', 'HEAD^{tree}'])).stdout
      .toString()
      .trim();
    const env = { ...process.env, HOME: at.home };
    const other = await runProgram('git', ['-C', at.folder, 'commit-tree', '-m', 'x', tree], { env });
    await runProgram('git', ['-C', at.folder, 'branch', 'other', other.stdout.toString().trim()]);
    expect(await code(planPromotion(at.tools, await at.run(), options))).toBe(expected);
  });

  test('counts on from the numbers that branches and tags have', async () => {
    const at = await usualScene();
    for (const name of ['digits/v4', 'digits/vx', 'digits2/v9'])
      await runProgram('git', ['-C', at.folder, 'tag', name]);
    await runProgram('git', ['-C', at.folder, 'branch', 'winnow/digits-v6']);
    expect(await planPromotion(at.tools, await at.run())).toMatchObject({
      branch: 'winnow/digits-v7',
      tag: 'digits/v7',
    });
  });

  test('makes names of an experiment whose name is none for git', async () => {
    const at = await usualScene();
    const plan = await planPromotion(at.tools, await at.run({ experiment: ' ../Größe: "x"~^.lock' }));
    expect(plan.branch).toBe('winnow/Größe-x-lock-v1');
    expect(plan.files.some((file) => file.path === 'winnow/Größe-x-lock/run.json')).toBe(true);
    await applyPromotion(at.tools, plan);
    await expectSound(at);
  });

  test('keeps a run that has not finished from being promoted', async () => {
    const at = await usualScene();
    for (const state of ['running', 'failed', 'stopped'] as const) {
      const plan = await planPromotion(at.tools, await at.run({ state }));
      expect(plan.gates[0]).toMatchObject({ gate: 'run finished', passed: false });
      expect(await code(applyPromotion(at.tools, plan))).toBe('gate-failed');
    }
  });

  test('keeps a run whose code is not complete from being promoted, and names other files', async () => {
    const at = await usualScene();
    await at.write('data.bin', 'x'.repeat(2000));
    const fine = await planPromotion(at.tools, await at.run());
    expect(fine.notes.join('\n')).toContain('data.bin is not part of the recorded code (too large)');
    await at.write('big.py', '#'.repeat(2000));
    const plan = await planPromotion(at.tools, await at.run());
    const gate = plan.gates.find(({ passed }) => !passed);
    expect(gate?.detail).toContain('big.py (too large)');
  });

  test('does not delete what the snapshot left out', async () => {
    const at = await scene();
    await at.write('train.py', '1');
    await at.write('data.bin', 'x'.repeat(2000));
    await at.commit();
    const plan = await planPromotion(at.tools, await at.run());
    expect(plan.files.filter(({ origin }) => origin === 'code')).toEqual([]);
  });

  test('says why there cannot be one', async () => {
    const at = await usualScene();
    const run = await at.run();
    expect(await code(planPromotion(at.tools, { ...run, snapshot: null }))).toBe('no-snapshot');
    expect(await code(planPromotion(at.tools, { ...run, deleted: true }))).toBe('run-deleted');
    const base = 'f'.repeat(40);
    expect(
      await code(planPromotion(at.tools, { ...run, snapshot: { ...run.snapshot!, baseCommit: base } })),
    ).toBe('base-gone');
    expect(
      await code(planPromotion(at.tools, { ...run, snapshot: { ...run.snapshot!, commit: base } })),
    ).toBe('snapshot-missing');
    await rm(path.join(at.home, '.gitconfig'));
    expect(await code(planPromotion(at.tools, run))).toBe('git-identity');
    const git = createGit('no-such-git');
    expect(await code(planPromotion({ ...at.tools, git }, run))).toBe('git-missing');
    await rm(path.join(at.folder, '.git'), { recursive: true });
    expect(await code(planPromotion(at.tools, run))).toBe('not-a-repository');
  });
});

describe('applying a plan', () => {
  test('makes one commit with a tag, and HEAD, index and working tree stay byte for byte', async () => {
    const at = await usualScene();
    await at.write('staged.py', 'staged');
    const env = { ...process.env, HOME: at.home };
    await runProgram('git', ['-C', at.folder, 'add', 'staged.py'], { env });
    const run = await at.run();
    await at.write('train.py', 'print(3) # after the run\n');
    const before = await fingerprint(at.folder, outsideOfRefs);
    const plan = await planPromotion(at.tools, run);
    const promotion = await applyPromotion(at.tools, plan);
    expect(await fingerprint(at.folder, outsideOfRefs)).toEqual(before);
    const ask = async (...args: string[]) =>
      (await runProgram('git', ['-C', at.folder, ...args])).stdout.toString().trim();
    expect(await ask('rev-parse', 'winnow/digits-v1^')).toBe(at.base);
    expect(await ask('rev-parse', 'digits/v1^{commit}')).toBe(promotion.commit);
    expect(await ask('cat-file', '-t', 'digits/v1')).toBe('tag');
    expect(await ask('show', 'winnow/digits-v1:train.py')).toBe('print(2)');
    expect(await ask('show', '-s', '--format=%an %ae', 'winnow/digits-v1')).toBe(
      'Ada Müller ada@example.com',
    );
    expect(
      (await ask('diff-tree', '-r', '--name-status', at.base, promotion.commit)).split('\n'),
    ).toHaveLength(plan.files.length);
    expect(at.saved).toEqual([promotion]);
    expect(promotion).toMatchObject({
      experiment: 'digits',
      branch: plan.branch,
      tag: plan.tag,
      undoneAt: null,
    });
    expect(await readdir(path.join(at.tools.directory, 'journal'))).toEqual([]);
    await expectSound(at);
  });

  test('writes what was shown, also when the packages have changed since', async () => {
    const at = await usualScene();
    const run = await at.run();
    let packages = 'numpy==1.0\n';
    const tools = { ...at.tools, freeze: () => Promise.resolve(packages) };
    const plan = await planPromotion(tools, run);
    packages = 'numpy==2.0\n';
    const travelled: unknown = JSON.parse(JSON.stringify(plan));
    await applyPromotion(tools, travelled as PromotionPlan);
    const shown = await runProgram('git', [
      '-C',
      at.folder,
      'show',
      'digits/v1:winnow/digits/environment.txt',
    ]);
    expect(shown.stdout.toString()).toContain('numpy==1.0');
  });

  test('refuses a plan that was changed or applied already', async () => {
    const at = await usualScene();
    const plan = await planPromotion(at.tools, await at.run());
    expect(await code(applyPromotion(at.tools, { ...plan, message: 'Another' }))).toBe('plan-unknown');
    await applyPromotion(at.tools, plan);
    expect(await code(applyPromotion(at.tools, plan))).toBe('plan-unknown');
  });

  test('works in two windows: the first wins, and the next plan has the next number', async () => {
    const at = await usualScene();
    const run = await at.run();
    const other = { ...at.tools, directory: path.join(at.folder, '.winnow', 'other window') };
    const [one, two] = [await planPromotion(at.tools, run), await planPromotion(other, run)];
    const results = await Promise.all([
      code(applyPromotion(at.tools, one)),
      code(applyPromotion(other, two)),
    ]);
    expect(results.sort()).toEqual(['no error', 'promotion-conflict']);
    expect((await planPromotion(other, run)).tag).toBe('digits/v2');
    await applyPromotion(other, await planPromotion(other, run));
    await expectSound(at);
  });

  test('goes through the clean filters and line endings of the repository', async () => {
    const at = await scene();
    await at.write('.gitattributes', '*.py text\n*.up filter=upper\nbinary.py -text\n');
    await at.write('a.py', 'a\r\nb\r\n');
    await runProgram('git', ['-C', at.folder, 'config', 'filter.upper.clean', "tr 'a-z' 'A-Z'"]);
    await runProgram('git', ['-C', at.folder, 'config', 'core.safecrlf', 'true']);
    const quiet = async () => {
      const env = { ...process.env, HOME: at.home };
      await runProgram('git', ['-C', at.folder, '-c', 'core.safecrlf=false', 'add', '-A'], { env });
      await runProgram('git', ['-C', at.folder, 'commit', '-qm', 'x'], { env });
    };
    await quiet();
    await at.write('a.py', 'a\r\nb\r\nc\r\n');
    await at.write('x.up', 'loud\n');
    await at.write('binary.py', 'raw\r\n');
    const plan = await planPromotion(at.tools, await at.run());
    await applyPromotion(at.tools, plan);
    const show = async (file: string) =>
      (await runProgram('git', ['-C', at.folder, 'cat-file', 'blob', `digits/v1:${file}`])).stdout.toString();
    expect(await show('a.py')).toBe('a\nb\nc\n');
    expect(await show('x.up')).toBe('LOUD\n');
    expect(await show('binary.py')).toBe('raw\r\n');
    // What the person would have committed: nothing differs once it is committed by hand.
    await quiet();
    const differs = await runProgram('git', [
      '-C',
      at.folder,
      'diff',
      '--name-only',
      'digits/v1',
      'HEAD',
      '--',
      '*.py',
      '*.up',
    ]);
    expect(differs.stdout.toString()).toBe('');
  });

  test('says which filter failed', async () => {
    const at = await usualScene();
    await at.write('.gitattributes', '*.py filter=broken\n');
    await runProgram('git', ['-C', at.folder, 'config', 'filter.broken.clean', 'false']);
    await runProgram('git', ['-C', at.folder, 'config', 'filter.broken.required', 'true']);
    expect(await code(planPromotion(at.tools, await at.run()))).toBe('filter-failed');
  });

  test('keeps links, executable bits, unusual names and submodules', async () => {
    const inner = await testRepository();
    await inner.write('module.py', 'inner');
    await inner.commit();
    const at = await scene();
    const env = { ...process.env, HOME: at.home };
    await at.write('a', 'file');
    await runProgram(
      'git',
      ['-C', at.folder, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.folder, 'sub'],
      { env },
    );
    await at.commit();
    await rm(path.join(at.folder, 'a'));
    await at.write('a/now folder.py', 'x');
    await at.write('new\nline "ä".py', 'y');
    await at.write('run.sh', '#!/bin/sh\n');
    await chmod(path.join(at.folder, 'run.sh'), 0o755);
    await symlink('run.sh', path.join(at.folder, 'link'));
    await writeFile(path.join(at.folder, 'sub', 'module.py'), 'changed inside');
    const plan = await planPromotion(at.tools, await at.run());
    await applyPromotion(at.tools, plan);
    const listed = await runProgram('git', ['-C', at.folder, 'ls-tree', '-r', '-z', 'digits/v1']);
    const lines = listed.stdout
      .toString()
      .split('\0')
      .map((line) => line.replace(/ [0-9a-f]{40}/, ''));
    expect(lines).toEqual(
      expect.arrayContaining([
        '100644 blob\ta/now folder.py',
        '100644 blob\tnew\nline "ä".py',
        '100755 blob\trun.sh',
        '120000 blob\tlink',
        '160000 commit\tsub',
      ]),
    );
    expect(lines).not.toContain('100644 blob\ta');
    await expectSound(at);
  });

  test('works with a detached HEAD, in the middle of a merge, before the first commit and in a worktree', async () => {
    const detached = await usualScene();
    await runProgram('git', ['-C', detached.folder, 'checkout', '-q', '--detach']);
    await detached.write('.git/MERGE_HEAD', `${detached.base}\n`);
    const promotion = await applyPromotion(
      detached.tools,
      await planPromotion(detached.tools, await detached.run()),
    );
    expect(promotion.base).toBe(detached.base);

    const unborn = await scene();
    await unborn.write('train.py', '1');
    const plan = await planPromotion(unborn.tools, await unborn.run());
    expect(plan.base).toBe('');
    expect(await readPlannedFile(unborn.tools, plan, 'train.py', 'before')).toBeNull();
    await applyPromotion(unborn.tools, plan);
    const count = await runProgram('git', ['-C', unborn.folder, 'rev-list', '--count', 'digits/v1']);
    expect(count.stdout.toString().trim()).toBe('1');
    await expectSound(unborn);

    const main = await usualScene();
    const tree = path.join(main.home, 'tree');
    await runProgram('git', ['-C', main.folder, 'worktree', 'add', '-q', '-b', 'side', tree]);
    await writeFile(path.join(tree, 'train.py'), 'side');
    const { git } = main;
    const snapshot = await takeSnapshot({
      folder: tree,
      snapshots: main.tools.snapshots,
      runId: RUN_ID,
      git,
    });
    await applyPromotion(main.tools, await planPromotion(main.tools, await main.run({ snapshot })));
    const shown = await runProgram('git', ['-C', main.folder, 'show', 'digits/v1:train.py']);
    expect(shown.stdout.toString()).toBe('side');
  });

  test('runs no hooks', async () => {
    const at = await usualScene();
    await mkdir(path.join(at.folder, '.git/hooks'), { recursive: true });
    for (const hook of [
      'pre-commit',
      'commit-msg',
      'post-commit',
      'reference-transaction',
      'post-index-change',
    ]) {
      await at.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch "${at.home}/ran"\nexit 1\n`);
      await chmod(path.join(at.folder, '.git/hooks', hook), 0o755);
    }
    await applyPromotion(at.tools, await planPromotion(at.tools, await at.run()));
    await expect(stat(path.join(at.home, 'ran'))).rejects.toThrow();
  });

  test('signs when commits are signed, and changes nothing when that fails', async () => {
    const at = await usualScene();
    const set = (name: string, value: string) => runProgram('git', ['-C', at.folder, 'config', name, value]);
    await set('commit.gpgsign', 'true');
    await set('gpg.program', 'false');
    const run = await at.run();
    const plan = await planPromotion(at.tools, run);
    expect(plan.notes.join('\n')).toContain('The commit is signed');
    expect(await code(applyPromotion(at.tools, plan))).toBe('signing-failed');
    const signer = path.join(at.home, 'signer');
    await writeFile(
      signer,
      '#!/bin/sh\ncat >/dev/null\necho "[GNUPG:] SIG_CREATED " >&2\nprintf -- "-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n"\n',
    );
    await chmod(signer, 0o755);
    await set('gpg.program', signer);
    await applyPromotion(at.tools, plan);
    const commit = await runProgram('git', ['-C', at.folder, 'cat-file', 'commit', 'winnow/digits-v1']);
    expect(commit.stdout.toString()).toContain('gpgsig -----BEGIN PGP SIGNATURE-----');
  });

  test('puts a commit onto an existing branch that stands at the base', async () => {
    const at = await usualScene();
    await runProgram('git', ['-C', at.folder, 'branch', 'release']);
    const plan = await planPromotion(at.tools, await at.run(), {
      branch: 'release',
      tag: 'r1',
      message: 'Mine',
    });
    expect(plan.branchFrom).toBe(at.base);
    const promotion = await applyPromotion(at.tools, plan);
    await undoPromotion(at.tools, promotion);
    const now = await runProgram('git', ['-C', at.folder, 'rev-parse', 'release']);
    expect(now.stdout.toString().trim()).toBe(at.base);
  });

  test('is found in a clean clone', async () => {
    const at = await usualScene();
    await applyPromotion(at.tools, await planPromotion(at.tools, await at.run()));
    const clone = path.join(at.home, 'clone');
    await runProgram('git', ['clone', '-q', '--branch', 'digits/v1', at.folder, clone]);
    expect(await readFile(path.join(clone, 'train.py'), 'utf8')).toBe('print(2)\n');
    expect((await readdir(path.join(clone, 'winnow/digits'))).sort()).toEqual([
      'MODEL_CARD.md', 'environment.txt', 'metrics.json', 'run.json',
    ]); // prettier-ignore
  });

  test('follows a folder that was moved since the run', async () => {
    const at = await usualScene();
    const run = await at.run();
    const moved = path.join(at.home, 'moved');
    await runProgram('mv', [at.folder, moved]);
    const winnow = path.join(moved, '.winnow');
    const tools = {
      ...at.tools,
      folder: moved,
      snapshots: path.join(winnow, 'snapshots.git'),
      directory: path.join(winnow, 'promotions'),
    };
    expect((await applyPromotion(tools, await planPromotion(tools, run))).repository).toBe(moved);
  });
});

describe('a crash', () => {
  /** Git that goes wrong at a moment, as when the power goes. */
  function failing(git: Git, when: (args: readonly string[]) => 'before' | 'after' | null): Git {
    return {
      ...git,
      run: async (place, args, options, signal) => {
        const moment = when(args);
        if (moment === 'before') throw new Error('crash');
        const ended = await git.run(place, args, options, signal);
        if (moment === 'after') throw new Error('crash');
        return ended;
      },
    };
  }

  test.each(['commit-tree', 'mktag', 'pack-objects', 'unpack-objects', 'update-ref'])(
    'before or after %s leaves all or nothing',
    async (step) => {
      for (const moment of ['before', 'after'] as const) {
        const at = await usualScene();
        const plan = await planPromotion(at.tools, await at.run());
        let crashed = false;
        // Nothing answers once it has crashed.
        const git = failing(at.git, ([name]) => {
          if (crashed) return 'before';
          if (name !== step) return null;
          crashed = true;
          return moment;
        });
        await expect(applyPromotion({ ...at.tools, git }, plan)).rejects.toThrow();
        const finished = await recoverPromotions(at.tools);
        const refs = await runProgram('git', [
          '-C',
          at.folder,
          'for-each-ref',
          '--format=%(refname)',
          'refs/heads/winnow',
          'refs/tags',
        ]);
        const all = step === 'update-ref' && moment === 'after';
        expect(refs.stdout.toString()).toBe(all ? 'refs/heads/winnow/digits-v1\nrefs/tags/digits/v1\n' : '');
        expect(finished).toHaveLength(all ? 1 : 0);
        expect(at.saved).toHaveLength(all ? 1 : 0);
        expect(await recoverPromotions(at.tools)).toEqual([]);
        await expectSound(at);
      }
    },
  );

  test('between the two names is finished, or put back when it cannot be', async () => {
    for (const taken of [false, true]) {
      const at = await usualScene();
      const plan = await planPromotion(at.tools, await at.run());
      const tools = { ...at.tools, save: () => Promise.reject(new Error('crash')) };
      await expect(applyPromotion(tools, plan)).rejects.toThrow('crash');
      await runProgram('git', ['-C', at.folder, 'tag', '-d', 'digits/v1']);
      if (taken) await runProgram('git', ['-C', at.folder, 'tag', 'digits/v1']);
      expect(await recoverPromotions(at.tools)).toHaveLength(taken ? 0 : 1);
      const branch = await runProgram('git', [
        '-C',
        at.folder,
        'rev-parse',
        '--verify',
        '-q',
        'winnow/digits-v1',
      ]);
      expect(branch.code).toBe(taken ? 1 : 0);
      await expectSound(at);
    }
  });
});

describe('undo', () => {
  test('puts the names back, and everything else is byte for byte as before', async () => {
    const at = await usualScene();
    const run = await at.run();
    const refs = async () => (await runProgram('git', ['-C', at.folder, 'for-each-ref'])).stdout.toString();
    const before = [await refs(), await fingerprint(at.folder, outsideOfRefs)];
    const promotion = await applyPromotion(at.tools, await planPromotion(at.tools, run));
    const undone = await undoPromotion(at.tools, promotion);
    expect(undone.undoneAt).not.toBeNull();
    expect(at.saved).toEqual([promotion, undone]);
    expect([await refs(), await fingerprint(at.folder, outsideOfRefs)]).toEqual(before);
    expect(await undoPromotion(at.tools, undone)).toEqual(undone);
    await expectSound(at);
  });

  test('refuses when the branch has moved on, or is checked out', async () => {
    const at = await usualScene();
    const promotion = await applyPromotion(at.tools, await planPromotion(at.tools, await at.run()));
    const tree = path.join(at.home, 'tree');
    await runProgram('git', ['-C', at.folder, 'worktree', 'add', '-q', tree, 'winnow/digits-v1']);
    expect(await code(undoPromotion(at.tools, promotion))).toBe('undo-refused');
    await runProgram('git', ['-C', tree, 'commit', '-q', '--allow-empty', '-m', 'on'], {
      env: { ...process.env, HOME: at.home },
    });
    await expect(undoPromotion(at.tools, promotion)).rejects.toThrow(
      `has moved on since. To take the files back on top of it, switch to it and type: git revert ${promotion.commit.slice(0, 10)}`,
    );
    expect(at.saved).toEqual([promotion]);
  });

  test('does not mind names that somebody took away by hand', async () => {
    const at = await usualScene();
    const promotion = await applyPromotion(at.tools, await planPromotion(at.tools, await at.run()));
    await runProgram('git', ['-C', at.folder, 'tag', '-d', 'digits/v1']);
    expect((await undoPromotion(at.tools, promotion)).undoneAt).not.toBeNull();
    expect((await planPromotion(at.tools, await at.run())).tag).toBe('digits/v1');
  });
});
