import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Run, RunDetail } from '../../src/model/run';
import { type Project, openProject } from './project';

describe("a script's runs and its attempt", () => {
  let project: Project;
  let before = 0;
  beforeAll(async () => void (project = await openProject()));
  afterEach(async () => void (before = (await project.runs()).length));
  afterAll(() => project.dispose());

  /** The runs beside the attempt's own that the script of this test made. */
  async function others(own: RunDetail): Promise<Run[]> {
    return (await project.runs()).slice(before).filter((run) => run.runId !== own.runId);
  }

  test('set_experiment and start_run: the run moves to the experiment and takes the name', async () => {
    const run = await project.run('joins_set_experiment.py');
    expect(run).toMatchObject({ state: 'finished', exitCode: 0, experiment: 'digits', name: 'first try' });
    expect(run.params).toMatchObject({ lr: '0.1' });
    expect(run.metrics['loss']).toMatchObject({ count: 5, last: 0.2, lastStep: 4, first: 1, max: 1 });
    expect(await others(run)).toEqual([]);
  });

  test('an experiment that a person chose wins over the one of the script', async () => {
    const run = await project.run('joins_set_experiment.py', { experiment: 'mine' });
    expect(run).toMatchObject({ state: 'finished', experiment: 'mine' });
    expect(run.metrics['loss']?.count).toBe(5);
    expect(await others(run)).toEqual([]);
  });

  test('no set_experiment: the run stays where it is', async () => {
    const run = await project.run('joins_no_experiment.py');
    expect(run).toMatchObject({ state: 'finished' });
    expect(run.metrics['loss']?.last).toBe(0.5);
    expect(run.experiment).toBe(project.folder.split('/').at(-1));
    expect(await others(run)).toEqual([]);
  });

  test('a tracking address in a branch that is not taken: the run logs here and says nothing else', async () => {
    const run = await project.run('joins_address_not_used.py');
    expect(run).toMatchObject({ state: 'finished', exitCode: 0 });
    expect(run.metrics['loss']?.last).toBe(0.25);
    expect(run.tags['winnow.logsTo']).toBeUndefined();
  });

  test('no MLflow call at all: a run all the same', async () => {
    const run = await project.run('joins_nothing.py');
    expect(run).toMatchObject({ state: 'finished', exitCode: 0, hasRunner: true });
    expect(await others(run)).toEqual([]);
  });

  test('two start_runs: the second is a run of its own, shown below', async () => {
    const run = await project.run('joins_two_runs.py');
    expect(run).toMatchObject({ state: 'finished', params: { lr: '0.1' } });
    const [second, ...rest] = await others(run);
    expect(rest).toEqual([]);
    expect(second).toMatchObject({ state: 'finished', params: { lr: '0.2' }, parentRunId: run.runId });
    expect(second?.tags['winnow.attempt']).toMatch(/^[0-9a-f]{32}$/);
  });

  test('nested runs: the outer one is the run, the inner ones are its children', async () => {
    const run = await project.run('joins_nested.py');
    expect(run).toMatchObject({ name: 'outer', childCount: 2 });
    expect((await others(run)).map(({ name, parentRunId }) => [name, parentRunId])).toEqual([
      ['fold 0', run.runId],
      ['fold 1', run.runId],
    ]);
  });

  test('autologging twice: two trainings, two runs', async () => {
    const run = await project.run('joins_autolog_twice.py');
    expect(run).toMatchObject({ state: 'finished', experiment: 'iris' });
    expect(run.params['C']).toBe('0.1');
    const [second, ...rest] = await others(run);
    expect(rest).toEqual([]);
    expect(second).toMatchObject({ state: 'finished', parentRunId: run.runId });
    expect(second?.params['C']).toBe('1.0');
  });

  test('a search that autologs its candidates at once keeps a run for each', async () => {
    const run = await project.run('joins_grid_search.py');
    expect(run.state).toBe('finished');
    const children = await others(run);
    expect(children.map(({ params }) => params['C']).sort()).toEqual(['0.01', '0.1', '1.0']);
    expect(new Set(children.map(({ parentRunId }) => parentRunId))).toEqual(new Set([run.runId]));
  });

  test('MlflowClient.create_run is the run too', async () => {
    const run = await project.run('joins_client.py');
    expect(run).toMatchObject({ experiment: 'by client', name: 'made by a client', state: 'finished' });
    expect(run.metrics['loss']).toMatchObject({ last: 0.25, lastStep: 7 });
    expect(await others(run)).toEqual([]);
  });

  test('a driver of two processes: neither ends in the run of the other', async () => {
    const run = await project.run('joins_driver.py');
    expect(run).toMatchObject({ state: 'finished', exitCode: 0 });
    expect(run.metrics['loss']?.count).toBe(5);
    const [second, ...rest] = await others(run);
    expect(rest).toEqual([]);
    expect(second).toMatchObject({ parentRunId: run.runId, state: 'finished' });
    expect(second?.metrics['loss']?.count).toBe(5);
  });

  test('spawned workers: a run for each', async () => {
    const run = await project.run('joins_workers.py');
    expect(run).toMatchObject({ state: 'finished', exitCode: 0 });
    const names = [run, ...(await others(run))].map(({ name }) => name).sort();
    expect(names).toEqual(['worker 0', 'worker 1', 'worker 2']);
  });

  test('end_run in the middle: the exit code decides, and what the client said is kept', async () => {
    const run = await project.run('joins_end_in_the_middle.py');
    expect(run).toMatchObject({ state: 'failed', exitCode: 3 });
    expect(run.tags['winnow.clientStatus']).toBe('FINISHED');
    expect(await others(run)).toEqual([]);
  });
});
