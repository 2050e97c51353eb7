import { afterEach, expect, test, vi } from 'vitest';
import type { ApiClient } from '../../api/client';
import { UserError } from '../../base/errors';
import type { Experiment } from '../../model/experiment';
import type { ExperimentId, Run, RunId } from '../../model/run';
import { type ExperimentRow, MoreRow, PAGE_SIZE, type Redraw, RunRow, RunsModel } from './runsModel';

/** A server that holds runs in memory and answers as the real one does. */
class Server {
  readonly runs = new Map<RunId, Run>();
  isAway = false;
  asked: string[] = [];
  private best: RunId | null = null;

  add(name: string, more: Partial<Run> = {}): Run {
    const runId = this.runs.size.toString(16).padStart(32, '0') as RunId;
    const run: Run = {
      runId,
      experimentId: '1' as ExperimentId,
      experiment: 'digits',
      name,
      state: 'finished',
      createdAt: 1000 + this.runs.size,
      startedAt: 1000 + this.runs.size,
      endedAt: 2000 + this.runs.size,
      exitCode: 0,
      signal: null,
      reason: null,
      parentRunId: null,
      childCount: 0,
      hasRunner: true,
      deleted: false,
      params: {},
      metrics: {},
      tags: {},
      ...more,
    };
    this.runs.set(runId, run);
    return run;
  }

  change(run: Run, more: Partial<Run>): void {
    this.runs.set(run.runId, { ...run, ...more });
  }

  makeBest(run: Run): void {
    this.best = run.runId;
  }

  readonly client = {
    call: (name: string, request: SearchRequest) => {
      this.asked.push(name);
      if (this.isAway) return Promise.reject(new UserError('server-unreachable', 'Nobody answers.'));
      return Promise.resolve(
        name === 'listExperiments'
          ? { experiments: this.experiments() }
          : name === 'listPromotions'
            ? { promotions: [] }
            : this.search(request),
      );
    },
  } as unknown as ApiClient;

  private experiments(): Experiment[] {
    const ids = new Set([...this.runs.values()].map((run) => run.experimentId));
    return [...ids].map((experimentId) => {
      const runs = [...this.runs.values()].filter((run) => run.experimentId === experimentId && !run.deleted);
      return {
        experimentId,
        name: `experiment ${experimentId}`,
        createdAt: Number(experimentId),
        deleted: false,
        runCount: runs.length,
        runningCount: runs.filter((run) => run.state === 'running').length,
        goal: { metric: 'val_accuracy', direction: 'maximize', target: null },
        bestRunId: this.best,
      };
    });
  }

  private search(request: SearchRequest) {
    const { runIds, experimentIds, parentRunId, filter, includeDeleted, offset = 0, limit = 1000 } = request;
    const found = [...this.runs.values()]
      .filter((run) => includeDeleted === true || !run.deleted)
      .filter((run) => runIds === undefined || runIds.includes(run.runId))
      .filter((run) => experimentIds === undefined || experimentIds.includes(run.experimentId))
      .filter((run) => parentRunId === undefined || run.parentRunId === parentRunId)
      .filter((run) => filter?.includes('status') !== true || run.state === 'running')
      .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
    return { runs: found.slice(offset, offset + limit), total: found.length };
  }
}

interface SearchRequest {
  runIds?: string[];
  experimentIds?: string[];
  parentRunId?: string | null;
  filter?: string;
  includeDeleted?: boolean;
  offset?: number;
  limit?: number;
}

let model: RunsModel | undefined;
afterEach(() => model?.dispose());

/** The model of a server, with everything it redrew. */
async function watch(server: Server) {
  const redrawn: Redraw[] = [];
  const errors: unknown[] = [];
  model = new RunsModel(
    '/folder',
    () => Promise.resolve(server.client),
    (error) => errors.push(error),
    1,
  );
  model.onRedraw((redraw) => redrawn.push(redraw));
  const roots = await model.roots();
  return { model, roots, redrawn, errors };
}

const names = (rows: readonly unknown[]) =>
  rows.map((row) =>
    row instanceof RunRow ? row.run.name : row instanceof MoreRow ? `${row.hiddenCount} more` : '?',
  );

function says(...runs: Run[]) {
  return {
    seq: 1,
    runs: runs.map(({ runId, experimentId }) => ({ runId, experimentId })),
    metrics: [],
    experiments: [],
    promotions: false,
    queue: false,
    reset: false,
  };
}

const first = (rows: readonly ExperimentRow[]): ExperimentRow => {
  const [row] = rows;
  if (row === undefined) throw new Error('There is no experiment.');
  return row;
};

test('runs stand newest first, and a page ends with how many are left', async () => {
  const server = new Server();
  for (let index = 0; index < 450; index++) server.add(`run ${index}`);
  const { model, roots } = await watch(server);
  const rows = await model.children(first(roots));
  expect(rows).toHaveLength(PAGE_SIZE + 1);
  expect(names(rows.slice(0, 2))).toEqual(['run 449', 'run 448']);
  expect(names(rows.slice(-1))).toEqual(['250 more']);

  const more = rows.at(-1);
  if (!(more instanceof MoreRow)) throw new Error('There is no row that loads more.');
  await model.showMore(more);
  const next = await model.children(first(roots));
  expect(next).toHaveLength(401);
  expect(names(next.slice(399))).toEqual(['run 50', '50 more']);
});

test('a new run comes on top, and the rows below stay the same objects', async () => {
  const server = new Server();
  server.add('old');
  const { model, roots, redrawn } = await watch(server);
  const [before] = await model.children(first(roots));
  model.hear(says(server.add('new')));
  await vi.waitFor(() => expect(redrawn).not.toHaveLength(0));
  const after = await model.children(first(roots));
  expect(names(after)).toEqual(['new', 'old']);
  expect(after[1]).toBe(before);
});

test('a run that changes redraws its own row only', async () => {
  const server = new Server();
  const run = server.add('a');
  server.add('b');
  const { model, roots, redrawn } = await watch(server);
  await model.children(first(roots));
  server.change(run, { name: 'renamed' });
  model.hear(says(run));
  await vi.waitFor(() => expect(redrawn).not.toHaveLength(0));
  expect(redrawn).toEqual([[model.row(run.runId)]]);
  expect(model.row(run.runId)?.run.name).toBe('renamed');
});

test('a burst of events is one question', async () => {
  const server = new Server();
  const run = server.add('a', { state: 'running' });
  const { model, roots, redrawn } = await watch(server);
  await model.children(first(roots));
  server.asked = [];
  for (let index = 0; index < 1000; index++) model.hear(says(run));
  await vi.waitFor(() => expect(redrawn).not.toHaveLength(0));
  expect(server.asked.sort()).toEqual(['listExperiments', 'searchRuns', 'searchRuns']);
});

test('when another run becomes the best, both rows are redrawn', async () => {
  const server = new Server();
  const [a, b] = [server.add('a'), server.add('b')];
  server.makeBest(a);
  const { model, roots, redrawn } = await watch(server);
  await model.children(first(roots));
  server.makeBest(b);
  model.hear(says(b));
  await vi.waitFor(() => expect(redrawn).not.toHaveLength(0));
  expect(new Set(redrawn.flat())).toEqual(new Set([model.row(a.runId), model.row(b.runId)]));
});

test('a deleted run goes, and comes back to its place', async () => {
  const server = new Server();
  const [, middle] = [server.add('a'), server.add('b'), server.add('c')];
  const { model, roots } = await watch(server);
  await model.children(first(roots));
  server.change(middle, { deleted: true });
  model.hear(says(middle));
  await vi.waitFor(async () => expect(names(await model.children(first(roots)))).toEqual(['c', 'a']));
  server.change(middle, { deleted: false });
  model.hear(says(middle));
  await vi.waitFor(async () => expect(names(await model.children(first(roots)))).toEqual(['c', 'b', 'a']));
});

test('a run that its script moves to another experiment moves in the tree', async () => {
  const server = new Server();
  server.add('stays', { experimentId: '2' as ExperimentId });
  const run = server.add('moves');
  const { model, roots } = await watch(server);
  for (const root of roots) await model.children(root);
  server.change(run, { experimentId: '2' as ExperimentId });
  model.hear(says(run));
  await vi.waitFor(async () => {
    const two = (await model.roots()).find(({ experiment }) => experiment.experimentId === '2');
    expect(two && names(await model.children(two))).toEqual(['moves', 'stays']);
  });
});

test('a run far down is found, and paging on shows it once', async () => {
  const server = new Server();
  const old = server.add('old one');
  for (let index = 0; index < 300; index++) server.add(`run ${index}`);
  const { model, roots } = await watch(server);
  await model.children(first(roots));
  expect((await model.find(old.runId))?.run.name).toBe('old one');
  const rows = await model.children(first(roots));
  expect(names(rows.slice(-2))).toEqual(['old one', '100 more']);
  await model.showMore(rows.at(-1) as MoreRow);
  const all = await model.children(first(roots));
  expect(all).toHaveLength(301);
  expect(new Set(all).size).toBe(301);
});

test('a run of an experiment that came up a moment ago is found', async () => {
  const server = new Server();
  const { model } = await watch(server);
  const run = server.add('first ever');
  expect((await model.find(run.runId))?.run.name).toBe('first ever');
});

test('what the feed named while the server was away is asked when it is back', async () => {
  const server = new Server();
  const run = server.add('a');
  const { model, roots, errors } = await watch(server);
  await model.children(first(roots));
  server.isAway = true;
  server.change(run, { name: 'changed meanwhile' });
  model.hear(says(run));
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  server.isAway = false;
  await vi.waitFor(() => expect(model.row(run.runId)?.run.name).toBe('changed meanwhile'), {
    timeout: 5_000,
  });
  expect(errors).toHaveLength(1);
});
