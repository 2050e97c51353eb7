import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openServer } from './testing';

const OUTPUT = 'Epoch 1/2\nloss: 3, acc: 0.5\nEpoch 2/2\nloss: 2, acc: 0.75\nwe got 12 points\n';

/** A run that is over and printed this, of which nothing was read yet. */
function printedRun(text = OUTPUT) {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-printed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'run'));
  const outputPath = path.join(folder, 'run', 'output.log');
  writeFileSync(outputPath, text);
  writeFileSync(path.join(folder, 'run', 'output.index'), `5000 30\n9000 ${text.length}\n`);
  const server = openServer();
  const runId = server.store.write('full', () => {
    const made = server.store.createRun({
      experimentId: '0',
      name: 'x',
      state: 'running',
      outputPath: () => outputPath,
    });
    server.store.updateRun(made, { state: 'finished', startedAt: 1, endedAt: 2 });
    return made;
  });
  const call = async (name: string, body: object) => {
    const answer = await server.post(`/api/winnow/printed/${name}`, body);
    return answer;
  };
  return { server, runId, call, metrics: () => server.store.getRun(runId)?.metrics ?? {} };
}

test('an output is read again, with the times of its lines, as often as one likes', async () => {
  const { runId, call, metrics, server } = printedRun();
  for (let i = 0; i < 2; i++) {
    expect((await call('read-again', { runId })).body).toEqual({ metricCount: 2 });
    expect(metrics()).toMatchObject({ loss: { count: 2, lastStep: 2, last: 2 }, acc: { count: 2 } });
  }
  const { timestamps } = server.store.readSeries({ runId, metric: 'loss', pixels: 10 });
  expect(timestamps).toEqual([5000, 9000]);
  expect((await call('get', { runId })).body).toMatchObject({
    metrics: [
      { name: 'acc', rule: 'pairs', line: 'loss: 3, acc: 0.5', offset: 10, count: 2, dropped: null },
      { name: 'loss' },
    ],
    rules: [],
  });
});

test('a mute takes the values of the run away, and taking it back and reading again brings them', async () => {
  const { runId, call, metrics } = printedRun();
  await call('read-again', { runId });
  const { body } = await call('add-rule', {
    rule: { kind: 'muteMetric', metric: 'acc' },
    experimentId: '0',
    runId,
  });
  expect(Object.keys(metrics())).toEqual(['loss']);
  expect((await call('get', { runId })).body).toMatchObject({
    metrics: [
      { name: 'acc', dropped: 'muted' },
      { name: 'loss', dropped: null },
    ],
    rules: [{ experimentId: '0', rule: { kind: 'muteMetric', metric: 'acc' } }],
  });
  await call('remove-rule', { ruleId: body['ruleId'] });
  await call('read-again', { runId });
  expect(Object.keys(metrics()).sort()).toEqual(['acc', 'loss']);
});

test('a rule is muted, a metric is renamed, and a pattern finds what no rule does', async () => {
  const { runId, call, metrics } = printedRun();
  for (const rule of [
    { kind: 'rename', metric: 'acc', to: 'train/acc' },
    { kind: 'pattern', pattern: 'got (?P<points>\\value) points' },
  ]) {
    expect((await call('add-rule', { rule, experimentId: null })).status).toBe(200);
  }
  await call('read-again', { runId });
  expect(Object.keys(metrics()).sort()).toEqual(['loss', 'points', 'train/acc']);
  await call('add-rule', { rule: { kind: 'muteRule', rule: 'pairs' }, experimentId: null, runId });
  expect(Object.keys(metrics())).toEqual(['points']);
});

test('what cannot be done is said in a sentence', async () => {
  const { call, server } = printedRun();
  const wrong = await call('add-rule', { rule: { kind: 'pattern', pattern: '(' }, experimentId: null });
  expect(wrong).toMatchObject({ status: 400, body: { error_code: 'printed-pattern' } });
  expect(
    (await call('add-rule', { rule: { kind: 'pattern', pattern: 'x' }, experimentId: null })).status,
  ).toBe(400);
  expect((await call('get', { runId: 'f'.repeat(32) })).status).toBe(404);
  expect((await call('remove-rule', { ruleId: 'yaml1' })).status).toBe(400);
  const live = server.attempt();
  expect((await call('read-again', { runId: live.runId })).status).toBe(400);
  expect(server.bugs).toEqual([]);
});
