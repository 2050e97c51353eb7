import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Project, openProject } from './project';

let project: Project;
beforeAll(async () => void (project = await openProject()));
afterAll(() => project.dispose());

test('the real client logs models, finds them by what they measured, and loads them again', async () => {
  const printed = (await project.python('logged_models.py')).trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(printed)).toEqual({
    status: 'READY',
    type: 'classifier',
    source: true,
    params: 151,
    tags: { stage: 'final' },
    metrics: [
      ['accuracy', '0.5', '1', 'holdout', true],
      ['accuracy', '0.75', '1', 'holdout', true],
      ['loss', 'nan', '0', '', true],
      ['odd', 'nan', String(2n ** 62n), '', true],
    ],
    uri: true,
    byModel: [1],
    byRun: [0],
    files: ['MLmodel'],
    bare: ['note.txt'],
    newest: ['bare', 'second', 'first'],
    best: ['first', 'second', 'bare'],
    accurate: ['first'],
    onData: ['second', 'first'],
    onOther: [],
    asked: ['first'],
    pages: [1, 1, 1],
    outputs: [
      [false, 0],
      [false, 0],
      [true, 7],
    ],
    inputs: [true],
    datasets: [['holdout', { 'mlflow.data.context': 'validation' }]],
    runMetrics: ['accuracy', 'loss', 'odd'],
    foundByData: ['training'],
    gone: 'RESOURCE_DOES_NOT_EXIST',
    closed: 'RESOURCE_DOES_NOT_EXIST',
    missing: 'RESOURCE_DOES_NOT_EXIST',
    nobody: 'RESOURCE_DOES_NOT_EXIST',
    badFilter: 'INVALID_PARAMETER_VALUE',
  });
});
