import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Project, openProject } from './project';

let project: Project;
beforeAll(async () => void (project = await openProject()));
afterAll(() => project.dispose());

test('the real client traces calls, finds them, assesses them and deletes them', async () => {
  const printed = (await project.python('traces.py')).trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(printed)).toEqual({
    names: [['answer', 'look up'], ['answer', 'look up'], ['broken']],
    states: ['OK', 'OK', 'ERROR'],
    outputs: { found: [1, 2.5, null, 'grüße 🎈'] },
    response: 'WHY?',
    duration: true,
    ofRun: true,
    tags: { mood: 'good', passing: null, 'mlflow.traceName': 'answer' },
    newest: ['broken'],
    failed: ['broken'],
    tagged: ['answer'],
    named: ['broken'],
    inRun: ['answer'],
    later: ['answer', 'answer', 'broken'],
    missing: 'RESOURCE_DOES_NOT_EXIST',
    assessments: [
      ['correct', false, 'eve', false],
      ['correct', true, 'default', true],
      ['expected', { text: 'WHY?' }, 'default', true],
      ['score', 0.75, 'default', true],
    ],
    updated: [false, 'as it should', { a: '1', b: '2' }],
    restored: true,
    deleted: 1,
    left: ['broken', 'answer'],
    deletedOld: 1,
    last: ['broken'],
  });
});
