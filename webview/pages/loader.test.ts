import { describe, expect, it, vi } from 'vitest';
import type { PageSeries } from '../../src/api/pages';
import { aRun } from '../charts/fixtures';
import { Loader, type LoaderHost, type Wanted } from './loader';

const { runId } = aRun({});

/** A host whose answers the test gives by hand. */
function aHost(visible: readonly string[]) {
  const asked: (readonly Wanted[])[] = [];
  const answers: { give(series: readonly PageSeries[]): void; fail(error: Error): void }[] = [];
  const host: LoaderHost = {
    isVisible: (metric) => visible.includes(metric),
    pixels: () => 600,
    readSeries: ({ series }) => {
      asked.push(series);
      return new Promise((give, fail) => answers.push({ give, fail }));
    },
    take: vi.fn(),
    failed: vi.fn(),
    busy: vi.fn(),
  };
  return { host, asked, answers };
}

describe('the points of charts', () => {
  it('are asked for when their chart is on the screen', () => {
    const { host, asked } = aHost(['loss']);
    new Loader(host).want([
      { runId, metric: 'loss' },
      { runId, metric: 'accuracy' },
    ]);
    expect(asked).toEqual([[{ runId, metric: 'loss' }]]);
  });

  it('that come while a request is under way are merged into one more', async () => {
    const { host, asked, answers } = aHost(['loss']);
    const loader = new Loader(host);
    loader.want([{ runId, metric: 'loss' }]);
    loader.want([{ runId, metric: 'loss' }]);
    loader.want([{ runId, metric: 'loss' }]);
    expect(asked).toHaveLength(1);
    answers[0]?.give([]);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    answers[1]?.give([]);
    await vi.waitFor(() => expect(host.busy).toHaveBeenLastCalledWith([]));
    expect(asked).toHaveLength(2);
  });

  it('that could not be read say so on their chart, and the page goes on', async () => {
    const { host, asked, answers } = aHost(['loss']);
    const loader = new Loader(host);
    loader.want([{ runId, metric: 'loss' }]);
    answers[0]?.fail(new Error('The tracking server does not answer.'));
    await vi.waitFor(() =>
      expect(host.failed).toHaveBeenCalledWith(['loss'], 'The tracking server does not answer.'),
    );
    loader.want([{ runId, metric: 'loss' }]);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
  });
});
