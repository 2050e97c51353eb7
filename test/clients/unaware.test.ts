import { readFileSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { buildOverrides, effectiveParams } from '../../src/code/overrides';
import { type ScriptFiles, readScriptParams } from '../../src/code/params/readScriptParams';
import type { ParamSpec } from '../../src/model/param';
import type { RunDetail } from '../../src/model/run';
import { type Project, openProject } from './project';

const root = path.resolve(__dirname, '../fixtures/unaware');

/** expected.json of a script, see the README beside the scripts. */
const expectation = z.strictObject({
  environment: z.enum(['scripts', 'frameworks']),
  script: z.string(),
  args: z._default(z.array(z.string()), []),
  found: z._default(
    z.record(
      z.string(),
      z.object({
        source: z.string(),
        via: z.string(),
        type: z.optional(z.string()),
        default: z.optional(z.nullable(z.string())),
      }),
    ),
    {},
  ),
  set: z._default(z.record(z.string(), z.string()), {}),
  params: z._default(z.record(z.string(), z.string()), {}),
  metrics: z._default(
    z.record(
      z.string(),
      z.object({
        count: z.optional(z.number()),
        steps: z.optional(z.array(z.number())),
        last: z.optional(z.number()),
      }),
    ),
    {},
  ),
  notMetrics: z._default(z.array(z.string()), []),
  datasets: z._default(z.array(z.string()), []),
  seeds: z._default(z.record(z.string(), z.string()), {}),
});
type Expectation = z.output<typeof expectation>;

const REQUIREMENTS = { scripts: 'scripts.txt', frameworks: 'frameworks.txt' } as const;

const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    expected: expectation.parse(JSON.parse(readFileSync(path.join(root, name, 'expected.json'), 'utf8'))),
  }));

// One interpreter after the other: each of them has a server and a folder of its own.
for (const environment of ['scripts', 'frameworks'] as const) {
  describe(`scripts that know nothing of Winnow (${REQUIREMENTS[environment]})`, () => {
    let project: Project;
    beforeAll(async () => {
      project = await openProject({ environment: REQUIREMENTS[environment] });
    });
    afterAll(() => project.dispose());

    for (const { name, expected } of cases.filter((each) => each.expected.environment === environment)) {
      test(name, async () => {
        const folder = path.join(project.folder, name);
        await mkdir(folder);
        await cp(path.join(root, name), folder, {
          recursive: true,
          filter: (file) => path.basename(file) !== 'expected.json',
        });
        const before = await contentsOf(folder);
        const { run, specs } = await runIn(project, folder, expected);

        for (const [param, { source, via, type, default: value }] of Object.entries(expected.found)) {
          const spec = specs.find((each) => each.name === param);
          expect(spec, `the param ${param} was not found`).toBeDefined();
          expect({ source: spec?.source, via: spec?.route.via }, param).toEqual({ source, via });
          if (type !== undefined) expect(spec?.type, param).toBe(type);
          if (value !== undefined) expect(spec?.defaultValue, param).toBe(value);
        }
        expect(run).toMatchObject({ state: 'finished', exitCode: 0, reason: null });
        expect(run.params).toMatchObject(expected.params);
        await expectMetrics(project, run, expected);
        await expectInputs(project, run, expected);
        // Nothing of the person's is changed, whatever was overridden.
        expect(await contentsOf(folder, Object.keys(before))).toEqual(before);
      });
    }
  });
}

/** Reads the script's params as the form does, and starts it with the values that the person gives. */
async function runIn(
  project: Project,
  folder: string,
  { script, args, set }: Expectation,
): Promise<{ run: RunDetail; specs: readonly ParamSpec[] }> {
  const files: ScriptFiles = {
    read: (file) => readFile(path.join(folder, file), 'utf8').catch(() => null),
    list: (directory) => readdir(path.join(folder, directory)).catch(() => []),
  };
  const { specs } = await readScriptParams(script, files);
  const overrides = await buildOverrides(specs, set, files);
  const run = await project.start({
    script,
    folder,
    args: [...args, ...overrides.args],
    variables: { ...overrides.variables },
    edits: overrides.edits.map((edit) => ({ ...edit })),
    params: { ...effectiveParams(specs, set) },
  });
  return { run, specs };
}

async function expectMetrics(project: Project, run: RunDetail, expected: Expectation): Promise<void> {
  const names = Object.keys(run.metrics).filter((name) => !name.startsWith('system/'));
  for (const [name, { count, last, steps }] of Object.entries(expected.metrics)) {
    expect(names).toContain(name);
    const summary = run.metrics[name];
    if (count !== undefined) expect(summary?.count, `count of ${name}`).toBe(count);
    if (last !== undefined) expect(summary?.last, `last of ${name}`).toBeCloseTo(last, 6);
    if (steps === undefined) continue;
    const { series } = await project.server.client.call('readSeries', {
      series: [{ runId: run.runId, metric: name }],
      pixels: 10_000,
    });
    expect(series[0]?.steps, `steps of ${name}`).toEqual(steps);
  }
  for (const name of expected.notMetrics) expect(names).not.toContain(name);
}

const answerOfRun = z.object({
  run: z.object({
    inputs: z.optional(
      z.object({
        dataset_inputs: z.optional(z.array(z.object({ dataset: z.object({ name: z.string() }) }))),
      }),
    ),
  }),
});

/** Datasets as the MLflow client sees them, and the seeds. */
async function expectInputs(project: Project, run: RunDetail, expected: Expectation): Promise<void> {
  if (expected.datasets.length > 0) {
    const names = async () => {
      const answer = answerOfRun.parse(await project.mlflow(`runs/get?run_id=${run.runId}`));
      return answer.run.inputs?.dataset_inputs?.map(({ dataset }) => dataset.name) ?? [];
    };
    // They are hashed beside the run, and perhaps a little longer.
    await expect.poll(names, { timeout: 20_000 }).toEqual(expect.arrayContaining(expected.datasets));
  }
  if (Object.keys(expected.seeds).length > 0) {
    const { environment } = await project.server.client.call('getEnvironment', { runId: run.runId });
    expect(environment?.seeds).toMatchObject(expected.seeds);
  }
}

async function contentsOf(folder: string, only?: readonly string[]): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => only === undefined || only.includes(file));
  const texts = await Promise.all(
    files.map(async (file) => [file, (await readFile(path.join(folder, file))).toString('base64')] as const),
  );
  return Object.fromEntries(texts);
}
