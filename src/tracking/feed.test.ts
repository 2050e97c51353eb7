import { expect, test } from 'vitest';
import { type FeedEvent, feedEvent } from '../api/feed';
import { addRun } from '../store/testing';
import { openServer } from './testing';

async function* events(response: Response): AsyncGenerator<FeedEvent> {
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    for (const line of decoder.decode(chunk).split('\n')) {
      if (line.startsWith('data: ')) yield feedEvent().parse(JSON.parse(line.slice(6)));
    }
  }
}

test('the feed names what changes, merges a burst, and gives what was missed since a number', async () => {
  const server = openServer();
  const runId = addRun(server.store);
  server.store.takeChanges();
  const open = await server.ask('GET', '/api/winnow/feed');
  const stream = events(open);
  const first = (await stream.next()).value;
  expect(first).toMatchObject({ seq: server.store.currentSeq(), runs: [], reset: false });

  for (let step = 0; step < 50; step++) {
    await server.post('/api/2.0/mlflow/runs/log-metric', {
      run_id: runId,
      key: `m${step % 2}`,
      value: 1,
      timestamp: step,
      step,
    });
  }
  let last: FeedEvent | undefined;
  let count = 0;
  do {
    last = (await stream.next()).value ?? undefined;
    count++;
  } while (last !== undefined && last.seq < server.store.currentSeq());
  expect(last?.metrics[0]).toMatchObject({ runId, experimentId: '0' });
  expect(count).toBeLessThan(50);
  await stream.return(undefined);

  const again = events(await server.ask('GET', `/api/winnow/feed?since=${first?.seq}`));
  const missed = (await again.next()).value;
  expect(missed?.metrics[0]?.names.sort()).toEqual(['m0', 'm1']);
  await again.return(undefined);

  const unknown = events(await server.ask('GET', '/api/winnow/feed?since=99999999'));
  expect((await unknown.next()).value).toMatchObject({ reset: true });
  await unknown.return(undefined);
  expect(server.feed.listeners()).toBe(0);
});
