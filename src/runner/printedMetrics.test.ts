import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PrintedRule } from '../model/printed';
import { type RunPaths, runEvent, runPaths } from '../platform/attemptFiles';
import { eventLog } from './eventLog';
import { watchPrinted } from './printedMetrics';

let folder: string;
let files: RunPaths;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'winnow-printed-'));
  files = runPaths(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A runner's watch over the output; `end` is the end of its script. */
async function watch(rules: readonly PrintedRule[] = []) {
  const over = new AbortController();
  const events = await eventLog(files.events);
  let heard = 0;
  const watching = watchPrinted({ files, rules, events, onPoints: () => heard++ }, over.signal);
  return {
    heard: () => heard,
    async end() {
      over.abort();
      await watching;
      await events.close();
    },
  };
}

/** All values of a metric that the events have: step and value. */
async function valuesOf(metric: string) {
  const lines = (await readFile(files.events, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const event =
      line.startsWith('{"kind":"printed"') && line.endsWith('}') ? runEvent.parse(JSON.parse(line)) : null;
    if (event?.kind !== 'printed') return [];
    return event.series.flatMap(({ name, values }) => (name === metric ? values : []));
  });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('what is printed while it is watched, and at the very end without a line feed, becomes events', async () => {
  const { end, heard } = await watch();
  await writeFile(files.output, 'loss=3\nloss=2\n');
  await until(() => heard() > 0);
  await appendFile(files.output, 'loss=nan\nloss=1');
  await end();
  expect(await valuesOf('loss')).toEqual([
    [0, 3],
    [1, 2],
    [2, NaN],
    [3, 1],
  ]);
});

test('a runner that takes over goes on where the events say, also after half a line of them', async () => {
  await writeFile(files.output, 'loss=3\nloss=2\nlo');
  const first = await watch();
  await until(() => first.heard() > 0);
  // Killed: its events end in the middle of a line, its output goes on.
  const before = await readFile(files.events, 'utf8');
  await first.end();
  await writeFile(files.events, `${before}{"kind":"printed","at":1,"ser`);
  await appendFile(files.output, 'ss=1\nloss=0\n');
  const second = await watch();
  await second.end();
  expect(await valuesOf('loss')).toEqual([
    [0, 3],
    [1, 2],
    [2, 1],
    [3, 0],
  ]);
});

test('an output without metrics leaves no events', async () => {
  await writeFile(files.output, 'hello\nhttp: 80\n'.repeat(1000));
  const { end } = await watch();
  await end();
  expect(await readFile(files.events, 'utf8')).toBe('');
});

test('a pattern that takes for ever holds nothing up: what was found stays, and the rest is read without it', async () => {
  const { end, heard } = await watch([
    { kind: 'pattern', pattern: String.raw`^(\w+\s?)+= (?<score>\value)$` },
  ]);
  await writeFile(files.output, 'the score = 3\n');
  await until(() => heard() > 0);
  await appendFile(files.output, `${'words '.repeat(60)}!7\nloss=2\n`);
  await end();
  expect(await valuesOf('score')).toEqual([[0, 3]]);
  expect(await valuesOf('loss')).toHaveLength(1);
});
