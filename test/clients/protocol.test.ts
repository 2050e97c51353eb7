import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Project, openProject } from './project';

let project: Project;
beforeAll(async () => void (project = await openProject()));
afterAll(() => project.dispose());

test('the real client gets back what it logged', async () => {
  const printed = (await project.python('everything.py')).trim().split('\n').at(-1) ?? '';
  const got = JSON.parse(printed) as Record<string, unknown>;
  expect(got).toMatchObject({
    status: 'FINISHED',
    params: 252,
    loss: 0.25,
    async: Array.from({ length: 30 }, (_, i) => i),
    batch: 1500,
    odd: ['-inf', '1e-320', 'inf', 'nan'],
    oddStep: String(2n ** 62n),
    note: 'grüße 🎈',
    artifacts: ['all', 'empty.txt', 'figure.png', 'texts', 'x.json'],
    all: [
      ['all/empty.txt', 0],
      ['all/notes.txt', 5],
    ],
    text: 'hello',
    empty: 0,
    figure: '89504e47',
    found: ['outer'],
    ordered: ['inner', 'outer'],
    parent: true,
    missing: 'RESOURCE_DOES_NOT_EXIST',
  });
  const [code, message] = got['changed'] as [string, string];
  expect(code).toBe('INVALID_PARAMETER_VALUE');
  expect(message).toContain("Param with key='lr' was already logged with value='0.1'");
});

test('the same facts are in the summaries that views show', async () => {
  const { runs } = await project.server.client.call('searchRuns', {
    experiment: 'everything',
    parentRunId: null,
  });
  const outer = runs[0];
  expect(outer).toMatchObject({ name: 'outer', childCount: 1, hasRunner: false, state: 'finished' });
  expect(outer?.metrics['odd']).toMatchObject({ max: Infinity, min: -Infinity, count: 4 });
  expect(outer?.metrics['batch']).toMatchObject({ first: 0, last: 749.5, lastStep: 1499, count: 1500 });
});
