import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Project, openProject } from './project';

let project: Project;
beforeAll(async () => void (project = await openProject()));
afterAll(() => project.dispose());

test('every file that the real client logs comes back byte for byte', async () => {
  const printed = (await project.python('artifacts.py')).trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(printed)).toEqual({
    steps: ['0', '1', '2'],
    images: 6, // Each step as it is, and small.
    single: '89504e47',
    table: { x: [1, 2, 3], y: ['a', 'ü', 'b'] },
    figures: ['figures/plot.png', 'figures/plot.svg'],
    text: 'grüße',
    dict: { a: [1, 2] },
    many: true,
    listed: 1000,
    named: true,
    big: true,
    parts: true,
    again: 'second',
    file: [],
    missing: true,
    refused: ['INVALID_PARAMETER_VALUE', expect.stringContaining('Leave artifact_location out')],
    copied: true,
    tags: ['mlflow.loggedArtifacts', 'mlflow.loggedImages'],
  });
});
