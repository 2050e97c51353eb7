import { beforeEach, describe, expect, test } from 'vitest';
import { PROMPT_TAG } from '../../model/modelVersion';
import type { Store } from '../store';
import { openTemporary } from '../testing';
import type { NewModelVersion } from './versions';

let store: Store;
beforeEach(() => void (store = openTemporary()));

function addModel(name: string, tags: Record<string, string> = {}): void {
  store.write('full', () => store.createRegisteredModel({ name, description: '', tags }));
}

function addVersion(name: string, version: Partial<NewModelVersion> = {}): number {
  const source = version.source ?? 's3://bucket/model';
  return store.write('full', () =>
    store.createModelVersion({
      name,
      source,
      storageLocation: source,
      runId: '',
      runLink: '',
      description: '',
      modelId: null,
      tags: {},
      creationKey: 'key',
      ...version,
    }),
  ).version;
}

const write = (work: () => void) => store.write('full', work);
const versionsFound = (filter?: string, orderBy: string[] = ['name', 'version_number ASC']) =>
  store
    .searchModelVersions({ filter, orderBy, limit: 100, offset: 0 })
    .found.map(({ name, version }) => `${name}/${version}`);
const modelsFound = (filter?: string, orderBy: string[] = []) =>
  store.searchRegisteredModels({ filter, orderBy, limit: 100, offset: 0 }).found.map(({ name }) => name);

describe('a registered model', () => {
  test('keeps its versions, tags and aliases when it is renamed', () => {
    addModel('old', { team: 'a' });
    addVersion('old', { tags: { size: 'small' } });
    write(() => store.setModelAlias('old', 'champion', 1));
    write(() => store.renameRegisteredModel('old', 'new'));
    expect(() => store.getRegisteredModel('old')).toThrow('Registered Model with name=old not found');
    expect(store.getRegisteredModel('new')).toMatchObject({
      tags: { team: 'a' },
      aliases: { champion: 1 },
      latestVersions: [{ name: 'new', version: 1, tags: { size: 'small' }, aliases: ['champion'] }],
    });
  });

  test('does not take a name that is taken, and says by what', () => {
    addModel('model');
    addModel('prompt', { [PROMPT_TAG]: 'true' });
    expect(() => addModel('model')).toThrow('Registered Model (name=model) already exists.');
    expect(() => addModel('prompt', { [PROMPT_TAG]: 'true' })).toThrow(
      'Prompt (name=prompt) already exists.',
    );
    expect(() => addModel('prompt')).toThrow("create a registered model with name 'prompt', but the name is");
    expect(() => write(() => store.renameRegisteredModel('model', 'prompt'))).toThrow('already exists');
  });

  test('that is deleted takes everything with it, and one of its name starts at 1 again', () => {
    addModel('m', { a: '1' });
    addVersion('m', { tags: { b: '2' } });
    write(() => store.setModelAlias('m', 'champion', 1));
    write(() => store.deleteRegisteredModel('m'));
    addModel('m');
    expect(addVersion('m')).toBe(1);
    expect(store.getRegisteredModel('m')).toMatchObject({ tags: {}, aliases: {} });
    expect(store.getModelVersion('m', 1)).toMatchObject({ tags: {}, aliases: [] });
  });

  test('has a tag named like a property of every object', () => {
    addModel('m', Object.fromEntries([['__proto__', 'x']]));
    expect(Object.entries(store.getRegisteredModel('m').tags)).toEqual([['__proto__', 'x']]);
  });
});

describe('a version', () => {
  beforeEach(() => addModel('m'));

  test('has a number that was never given before, also after the newest was deleted', () => {
    expect([addVersion('m'), addVersion('m')]).toEqual([1, 2]);
    write(() => store.deleteModelVersion('m', 2));
    expect(addVersion('m')).toBe(3);
    expect(versionsFound()).toEqual(['m/1', 'm/3']);
  });

  test('that is deleted is not there any more, nor are its aliases', () => {
    addVersion('m');
    write(() => store.setModelAlias('m', 'champion', 1));
    write(() => store.deleteModelVersion('m', 1));
    expect(store.versionByAlias('m', 'champion')).toBeNull();
    expect(store.getRegisteredModel('m')).toMatchObject({ aliases: {}, latestVersions: [] });
    expect(() => write(() => store.deleteModelVersion('m', 1))).toThrow(
      'Model Version (name=m, version=1) not found',
    );
  });

  test('is the latest of its stage', () => {
    for (let i = 0; i < 5; i++) addVersion('m');
    write(() => {
      store.moveModelVersion('m', 1, 'Production', false);
      store.moveModelVersion('m', 3, 'Production', false);
      store.moveModelVersion('m', 4, 'Archived', false);
    });
    const latest = store.latestVersions('m').map(({ stage, version }) => [stage, version]);
    expect(latest).toEqual([
      ['Production', 3],
      ['Archived', 4],
      ['None', 5],
    ]);
  });

  test('archives the others of its new stage when asked to, and only these', () => {
    for (let i = 0; i < 4; i++) addVersion('m');
    addModel('other');
    addVersion('other');
    write(() => {
      store.moveModelVersion('other', 1, 'Production', false);
      store.moveModelVersion('m', 1, 'Production', false);
      store.moveModelVersion('m', 2, 'Staging', false);
      store.moveModelVersion('m', 3, 'Production', true);
    });
    const stages = [1, 2, 3, 4].map((version) => store.getModelVersion('m', version).stage);
    expect(stages).toEqual(['Archived', 'Staging', 'Production', 'None']);
    expect(store.getModelVersion('other', 1).stage).toBe('Production');
  });

  test('changes the time of its model when it is made, moved or deleted, not when it is described', () => {
    const before = store.getRegisteredModel('m').updatedAt;
    const changed = (work: () => void) => {
      const earlier = store.getRegisteredModel('m').updatedAt;
      while (Date.now() <= earlier) /* The clock has whole milliseconds. */ ;
      write(work);
      return store.getRegisteredModel('m').updatedAt > earlier;
    };
    expect(changed(() => void addVersion('m'))).toBe(true);
    expect(changed(() => store.describeModelVersion('m', 1, 'better'))).toBe(false);
    expect(changed(() => store.moveModelVersion('m', 1, 'Staging', false))).toBe(true);
    expect(changed(() => store.deleteModelVersion('m', 1))).toBe(true);
    expect(store.getRegisteredModel('m').createdAt).toBe(before);
  });

  test('is one of an alias at a time', () => {
    addVersion('m');
    addVersion('m');
    write(() => store.setModelAlias('m', 'champion', 1));
    write(() => store.setModelAlias('m', 'champion', 2));
    expect(store.versionByAlias('m', 'champion')?.version).toBe(2);
    expect(store.getModelVersion('m', 1).aliases).toEqual([]);
    expect(() => write(() => store.setModelAlias('m', 'champion', 3))).toThrow('not found');
  });
});

describe('a search', () => {
  beforeEach(() => {
    addModel('Alpha', { team: 'a' });
    addModel('beta', { team: 'b' });
    addModel('greeting', { [PROMPT_TAG]: 'true', team: 'a' });
    addVersion('Alpha', { runId: 'r1', tags: { size: 'small' }, source: 'runs:/r1/model' });
    addVersion('Alpha', { runId: 'r2', tags: { size: 'big' } });
    addVersion('beta', { runId: 'r3' });
    addVersion('greeting', { tags: { [PROMPT_TAG]: 'true', size: 'small' } });
    addVersion('greeting'); // A version without the tag is a prompt by its sisters.
  });

  test.each([
    ['', ['Alpha', 'beta']],
    ["name = 'Alpha'", ['Alpha']],
    ["attribute.name != 'Alpha'", ['beta']],
    ["name LIKE 'a%'", []],
    ["name LIKE 'A_pha'", ['Alpha']],
    ["name ILIKE 'A%'", ['Alpha']],
    ["name LIKE '%[l]%'", []],
    ["name IN ('beta', 'x')", ['beta']],
    ["name NOT IN ('beta')", ['Alpha']],
    ["tags.team = 'a'", ['Alpha']],
    ["tag.team != 'a' AND name ILIKE '%a'", ['beta']],
    ["tags.nobody != 'a'", []],
    ["tag.`mlflow.prompt.is_prompt` != 'true'", ['Alpha', 'beta']],
    ["tags.`mlflow.prompt.is_prompt` = 'false' AND tags.team = 'a'", ['Alpha']],
    ["tags.`mlflow.prompt.is_prompt` = 'true'", ['greeting']],
    ["tags.`mlflow.prompt.is_prompt` = 'true' AND tags.team = 'b'", []],
    ["name = 'greeting'", []],
  ])('finds models where %s', (filter, names) => expect(modelsFound(filter)).toEqual(names));

  test.each([
    ['', ['Alpha/1', 'Alpha/2', 'beta/1']],
    ["name = 'Alpha' and version_number > 1", ['Alpha/2']],
    ["version_number = '1'", ['Alpha/1', 'beta/1']],
    ["run_id = 'r1'", ['Alpha/1']],
    ["run_id IN ('r1', 'r3')", ['Alpha/1', 'beta/1']],
    ["source_path LIKE 'runs:/%'", ['Alpha/1']],
    ["tags.size = 'small'", ['Alpha/1']],
    ["tag.`mlflow.prompt.is_prompt` != 'true' AND tags.size != 'small'", ['Alpha/2']],
    ["tag.`mlflow.prompt.is_prompt` = 'true'", ['greeting/1']],
  ])('finds versions where %s', (filter, versions) => expect(versionsFound(filter)).toEqual(versions));

  test.each([
    ['foo = 1', "Invalid attribute key 'foo' specified"],
    ['version_number = 1.5', "Invalid value for numeric attribute 'version_number': 1.5"],
    ["version_number LIKE '1'", 'Invalid comparator for attribute version_number: LIKE'],
    ["source_path IN ('x')", "Only ['name', 'run_id'] attributes support comparison with a list"],
    ['name = 5', 'Expected a quoted string value'],
    ["name > 'a'", 'Invalid comparator for attribute: >'],
    ["tags.a > '1'", 'Invalid comparator for tag: >'],
    ['tags.a IS NULL', 'Invalid comparator for tag: IS NULL'],
    ['metrics.loss < 1', "Invalid entity type 'metric'"],
    ["name = 'a' OR name = 'b'", 'Invalid clause(s) in filter string'],
  ])('refuses %s', (filter, message) => expect(() => versionsFound(filter)).toThrow(message));

  test('orders, with the name and the newest version between equals', () => {
    expect(modelsFound('', ['name DESC'])).toEqual(['beta', 'Alpha']);
    expect(versionsFound('', ['version_number DESC'])).toEqual(['Alpha/2', 'Alpha/1', 'beta/1']);
    expect(versionsFound('', ['name'])).toEqual(['Alpha/2', 'Alpha/1', 'beta/1']);
    write(() => store.describeModelVersion('Alpha', 1, 'touched'));
    const [newest] = store.searchModelVersions({ orderBy: [], limit: 1, offset: 0 }).found;
    expect(newest?.updatedAt).toBe(Math.max(...versionTimes()));
  });

  test.each([
    [['run_id'], "Invalid attribute key 'run_id' specified"],
    [['name', 'name DESC'], '`order_by` contains duplicate fields'],
    [['name DESC blah'], "order_by clause 'name DESC blah'"],
    [['name blah'], "Invalid ordering key in order_by clause 'name blah'"],
    [['tags.size'], "Invalid attribute key 'size' specified"],
  ])('refuses to order by %j', (orderBy, message) =>
    expect(() => versionsFound('', orderBy)).toThrow(message),
  );

  test('goes on where the page before ended', () => {
    const page = (offset: number) => store.searchModelVersions({ orderBy: ['name'], limit: 2, offset });
    expect(page(0)).toMatchObject({ found: [{ version: 2 }, { version: 1 }], hasMore: true });
    expect(page(2)).toMatchObject({ found: [{ name: 'beta' }], hasMore: false });
  });

  function versionTimes(): number[] {
    return store
      .searchModelVersions({ orderBy: [], limit: 100, offset: 0 })
      .found.map(({ updatedAt }) => updatedAt);
  }
});
