import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Project, openProject } from './project';

let project: Project;
let got: Record<string, unknown>;
beforeAll(async () => {
  project = await openProject();
  const printed = (await project.python('registry.py')).trim().split('\n').at(-1) ?? '';
  got = JSON.parse(printed) as Record<string, unknown>;
});
afterAll(() => project.dispose());

describe('the real client', () => {
  test('registers a model of a run and loads it by its alias and its number', () => {
    expect(got).toMatchObject({
      registered: ['1', true, { slope: '2' }, 'READY'],
      versions: ['2', '3', 'again'],
      uris: [true, 's3://bucket/line'],
      alias: '1',
      predicted: [21, 21],
    });
  });

  test('registers a logged model while it logs it, and the two know each other', () => {
    expect(got['logged']).toEqual([true, true, true, 21, { name: 'logged line', version: 1 }]);
  });

  test('moves versions through stages, copies, describes, tags and renames', () => {
    expect(got).toMatchObject({
      stages: { Archived: '1', Production: '2', None: '3' },
      production: ['2'],
      copied: ['1', 'models:/line/1', true],
      renamed: ['A straight line.', { team: 'a' }, { champion: '1' }],
      first: ['The first.', { checked: 'yes', slope: '2' }],
    });
  });

  test('finds models and versions, page by page, and no prompts among them', () => {
    expect(got).toMatchObject({
      found: {
        models: ['copy', 'straight line'],
        'by tag': ['straight line'],
        'by run': ['copy/1', 'straight line/1', 'straight line/2'],
        'by tag of a version': ['1'],
      },
      paged: Array.from({ length: 7 }, (_, i) => `many ${i}`),
    });
  });

  test('never gets the number of a deleted version again', () => expect(got['after deletion']).toBe('4'));

  test('hears why a request is refused in the codes and words it knows', () => {
    const refused = (code: string, message: string) => [code, expect.stringContaining(message)];
    expect(got['refused']).toEqual({
      taken: refused('RESOURCE_ALREADY_EXISTS', 'Registered Model (name=copy) already exists.'),
      nobody: refused('RESOURCE_DOES_NOT_EXIST', 'Registered Model with name=nobody not found'),
      deleted: refused('RESOURCE_DOES_NOT_EXIST', 'Model Version (name=straight line, version=3) not found'),
      alias: refused('INVALID_PARAMETER_VALUE', 'Registered model alias champion not found.'),
      reserved: refused('INVALID_PARAMETER_VALUE', "Version alias name 'v1' is reserved."),
      path: refused('INVALID_PARAMETER_VALUE', 'To use a local path as a model version source'),
      climbs: refused('INVALID_PARAMETER_VALUE', 'without relative path references present'),
    });
    expect(got['left']).toEqual(refused('RESOURCE_DOES_NOT_EXIST', 'not found'));
  });

  test('keeps prompts: versions, aliases, tags, links to runs, and their end', () => {
    expect(got['prompt']).toMatchObject({
      version: 2,
      live: [1, 'Hello Ann', 'first', { seen: 'yes', tone: 'kind' }],
      newest: [{ role: 'user', content: 'Hi Ann' }],
      found: ['greeting'],
      'by name': ['greeting'],
      versions: [2, 1],
      'not a model': [],
      missing: null,
      taken: ['RESOURCE_ALREADY_EXISTS', expect.stringContaining('already taken by a prompt')],
      linked: ['1', '2'],
      left: [],
    });
  });
});
