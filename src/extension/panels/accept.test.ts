import { describe, expect, it } from 'vitest';
import { chartsHostRequests } from '../../api/pages';
import { accept } from './accept';

const runId = '0123456789abcdef0123456789abcdef';
const readSeries = accept(chartsHostRequests.readSeries, (request) => Promise.resolve(request));

describe('a request of a page', () => {
  it('that fits is carried out', async () => {
    const request = { series: [{ runId, metric: 'loss' }], pixels: 600 };
    expect(await readSeries(request)).toEqual(request);
  });

  it.each([
    ['no request at all', undefined, 'The request'],
    [
      'a path for a run',
      { series: [{ runId: '../../etc/passwd', metric: 'loss' }], pixels: 600 },
      'series.0.runId',
    ],
    ['a width that is none', { series: [], pixels: 1e9 }, 'pixels'],
    ['something nobody asked for', { series: [], pixels: 600, command: 'rm' }, 'The request'],
  ])('with %s is refused by name', async (_, request, where) => {
    await expect(readSeries(request)).rejects.toThrow(where);
  });
});
