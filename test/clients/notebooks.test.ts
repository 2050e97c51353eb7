import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunDetail } from '../../src/model/run';
import { clientPython, type Project, openProject } from './project';

const fixtures = path.join(__dirname, '../fixtures/scripts/notebooks');

let project: Project;
beforeAll(async () => void (project = await openProject({ environment: 'scripts.txt' })));
afterAll(() => project.dispose());

test('a notebook runs cell by cell on a copy, in the folder and with the interpreter of the run', async () => {
  const before = hashOf('train.ipynb');
  const run = await project.run('notebooks/train.ipynb');
  expect(run).toMatchObject({ state: 'finished', exitCode: 0, reason: null });
  expect(run.tags['winnow.cells']).toBe('5/5');
  expect(run.params).toEqual({ lr: '0.1', epochs: '3', optimizer: 'sgd' });
  const output = outputOf(run);
  expect(output).toContain(`in ${project.folder}\n`);
  expect(output).toContain(`by ${await clientPython('scripts.txt')}\n`);
  expect(output).toContain('Cell 3 of 5\nepoch 1/3 loss: 0.1000\nepoch 2/3 loss: 0.0500\n');
  expect(output).toContain("'sgd with 0.1'\n");
  // The first run that the kernel begins is the run itself.
  expect(output).toContain(`'${run.runId}'\n`);
  expect(hashOf('train.ipynb')).toBe(before);
  expect(readdirSync(fixtures).sort()).toEqual(['fails.ipynb', 'train.ipynb', 'waits.ipynb']);
});

test("its parameters are papermill's, and come in a cell of their own", async () => {
  const args = ['-p', 'lr', '1', '-p', 'epochs', '2', '-r', 'optimizer', '007', '-p', 'extra', 'None'];
  const run = await project.run('notebooks/train.ipynb', { args });
  expect(run).toMatchObject({ state: 'finished', exitCode: 0 });
  expect(run.params).toEqual({ lr: '1.0', epochs: '2', optimizer: '007', extra: 'None' });
  expect(outputOf(run)).toContain('epoch 2/2 loss: 0.5000');
  expect(outputOf(run)).toContain("'007 with 1.0'");
  expect(outputOf(run)).toContain('Parameters that the notebook may not read: extra.');
  const cells = executed(run).cells;
  const injected = cells.findIndex((cell) => cell.metadata.tags?.includes('injected-parameters'));
  expect(cells[injected - 1]?.metadata.tags).toEqual(['parameters']);
  expect(textOf(cells[injected]?.source)).toBe(
    "# Parameters\nlr = 1.0\nepochs = 2\noptimizer = '007'\nextra = None",
  );
  expect(await listed(run)).toEqual(['train.ipynb']);
});

test('a cell that fails fails the run with its number, and the copy has everything up to there', async () => {
  const run = await project.run('notebooks/fails.ipynb');
  expect(run).toMatchObject({
    state: 'failed',
    exitCode: 1,
    reason: 'Cell 3 of 4 failed: ValueError: no data',
  });
  expect(run.tags['winnow.cells']).toBe('3/4');
  expect(outputOf(run)).toContain('before\nCell 3 of 4\nin it\n');
  expect(outputOf(run)).toMatch(/Traceback|ValueError/);
  expect(outputOf(run)).not.toContain('never');
  const { cells } = executed(run);
  expect(cells.map((cell) => cell.outputs?.map((output) => output.output_type))).toEqual([
    [],
    ['stream'],
    ['stream', 'error'],
    [],
  ]);
});

test('one that is stopped may save what it has, and leaves its copy and no kernel', async () => {
  let kernels: string[] = [];
  let asked = false;
  const run = await project.run('notebooks/waits.ipynb', {
    watch(live) {
      if (asked || !outputOf(live).includes('waiting')) return;
      asked = true;
      kernels = kernelsOf(live);
      stop(live.runId, false);
    },
  });
  expect(run.state).toBe('stopped');
  expect(outputOf(run)).toContain('saved\n');
  expect(outputOf(run)).not.toContain('never');
  expect(printedBy(executed(run).cells[1])).toBe('waiting\nsaved\n');
  expect(kernels).toHaveLength(1);
  expect(kernels.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
});

test('how far it is shows while it runs', async () => {
  const seen = new Set<string | undefined>();
  const run = await project.run('notebooks/waits.ipynb', {
    watch(live) {
      seen.add(live.tags['winnow.cells']);
      if (live.tags['winnow.cells'] === '2/3') {
        stop(live.runId, true);
      }
    },
  });
  expect(run.state).toBe('stopped');
  expect([...seen]).toContain('2/3');
  expect(printedBy(executed(run).cells[0])).toBe('ready\n');
});

test('the kernel is watched as a script is: what its flags and seeds are', async () => {
  const notebook = JSON.parse(readFileSync(path.join(fixtures, 'waits.ipynb'), 'utf8'));
  notebook.cells = [
    {
      ...notebook.cells[0],
      source: [
        'import argparse, random',
        'random.seed(7)',
        'parser = argparse.ArgumentParser()',
        'parser.add_argument("--depth", type=int, default=4)',
        'args = parser.parse_args([])',
      ].join('\n'),
    },
  ];
  const file = path.join(project.folder, 'seeded.ipynb');
  writeFileSync(file, JSON.stringify(notebook));
  const run = await project.run(path.relative(path.dirname(fixtures), file));
  expect(run).toMatchObject({ state: 'finished', params: { depth: '4' } });
  const noted = readFileSync(path.join(path.dirname(run.outputPath ?? ''), 'hook.jsonl'), 'utf8');
  expect(noted).toMatch(/"kind": ?"seed".*"random".*"7"/);
});

test('a notebook that cannot be run says why before anything of it runs', async () => {
  const other = JSON.parse(readFileSync(path.join(fixtures, 'train.ipynb'), 'utf8'));
  other.metadata.kernelspec.language = 'R';
  writeFileSync(path.join(project.folder, 'other.ipynb'), JSON.stringify(other));
  const inR = await project.run(
    path.relative(path.dirname(fixtures), path.join(project.folder, 'other.ipynb')),
  );
  expect(inR).toMatchObject({ state: 'failed', exitCode: 2 });
  expect(outputOf(inR)).toMatch(/is a notebook in R\. Only notebooks in Python can be run here\.\n$/);

  writeFileSync(path.join(project.folder, 'broken.ipynb'), '{"cells": [');
  const broken = await project.run(
    path.relative(path.dirname(fixtures), path.join(project.folder, 'broken.ipynb')),
  );
  expect(broken).toMatchObject({ state: 'failed', exitCode: 2 });
  expect(outputOf(broken)).toContain('cannot be read as a notebook');

  const wrong = await project.run('notebooks/train.ipynb', { args: ['--lr', '0.1'] });
  expect(wrong).toMatchObject({ state: 'failed', exitCode: 2 });
  expect(outputOf(wrong)).toContain(
    "A notebook takes its parameters as -p NAME VALUE, and '--lr' is none of that.",
  );
});

test('an interpreter without nbclient says what to install', async () => {
  const bare = await openProject({ environment: 'versions/mlflow-3.17.2.txt' });
  try {
    const run = await bare.run('notebooks/train.ipynb');
    expect(run).toMatchObject({ state: 'failed', exitCode: 2 });
    expect(outputOf(run)).toMatch(
      /has no \w+, and running a notebook needs nbclient, nbformat and ipykernel\./,
    );
    expect(outputOf(run)).toMatch(/-m pip install nbclient nbformat ipykernel\n$/);
  } finally {
    await bare.dispose();
  }
});

/** Asked once more while it already ends, it says so. */
function stop(runId: RunDetail['runId'], kill: boolean): void {
  project.server.client.call('stopRun', { runId, kill }).catch(() => undefined);
}

interface Notebook {
  readonly cells: readonly {
    readonly source: string | string[];
    readonly metadata: { readonly tags?: readonly string[] };
    readonly outputs?: readonly { readonly output_type: string; readonly text?: string | string[] }[];
  }[];
}

/** The executed copy that a run keeps. */
function executed(run: RunDetail): Notebook {
  const [name = 'none'] = readdirSync(run.artifactDirectory);
  return JSON.parse(readFileSync(path.join(run.artifactDirectory, name), 'utf8')) as Notebook;
}

async function listed(run: RunDetail): Promise<string[]> {
  const answer = (await project.mlflow(`artifacts/list?run_id=${run.runId}`)) as {
    files: { path: string }[];
  };
  return answer.files.map((file) => file.path);
}

function outputOf({ outputPath }: RunDetail): string {
  return outputPath !== null && existsSync(outputPath) ? readFileSync(outputPath, 'utf8') : '';
}

function textOf(lines: string | string[] | undefined): string {
  return [lines ?? []].flat().join('');
}

/** What a cell printed: a kernel may send it in several parts. */
function printedBy(cell: Notebook['cells'][number] | undefined): string {
  return (cell?.outputs ?? []).map(({ text }) => textOf(text)).join('');
}

function hashOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(path.join(fixtures, name)))
    .digest('hex');
}

/** The processes that are kernels of a run's script. */
function kernelsOf(run: RunDetail): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return command.includes('ipykernel_launcher') && parent === String(run.pid);
    } catch {
      return false; // No process, or one that ended meanwhile.
    }
  });
}
