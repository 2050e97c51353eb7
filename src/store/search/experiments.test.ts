import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store';
import { openTemporary } from '../testing';

let store: Store;

beforeEach(() => {
  store = openTemporary();
  store.write('full', () => {
    store.createExperiment('a', { key: 'value', 'k e y': 'x' });
    store.createExperiment('ab', { key: 'vaLue' });
    store.createExperiment('Abc');
  });
});

function found(filter: string, orderBy: string[] = ['experiment_id ASC']): (string | undefined)[] {
  const ids = store.searchExperimentIds({ filter, orderBy, lifecycle: 'active', limit: 100, offset: 0 });
  return ids.map((id) => store.getExperiment(id)?.name);
}

describe('a filter on experiments', () => {
  test.each([
    ["name = 'a'", ['a']],
    ["attribute.`name` != 'a'", ['Default', 'ab', 'Abc']],
    ["name LIKE 'a%'", ['a', 'ab']],
    ["name ILIKE 'a%' AND name ILIKE '%b'", ['ab']],
    ["tag.key = 'value'", ['a']],
    ["tags.key != 'value'", ['ab']],
    ["tag.`k e y` = 'x'", ['a']],
    ["tag.key ILIKE '%alu%'", ['a', 'ab']],
    ['tags.key IS NULL', ['Default', 'Abc']],
    ['tags.key IS NOT NULL', ['a', 'ab']],
    ["experiment_id IN ('1', '3')", ['a', 'Abc']],
    ["experiment_id != '0'", ['a', 'ab', 'Abc']],
    ['creation_time > 0 and last_update_time < 1', []],
  ])('%s', (filter, names) => {
    expect(found(filter)).toEqual(names);
  });

  test.each([
    ['metrics.loss > 1', "Invalid entity type 'metric'"],
    ["nosuch = 'a'", "Invalid attribute key 'nosuch' specified"],
    ["experiment_id = 'x'", "Invalid experiment ID 'x'"],
    ["name IN ('a')", 'support comparison with a list'],
    ["creation_time = '1'", 'Expected numeric value type'],
  ])('is refused when it makes no sense: %s', (filter, words) => {
    expect(() => found(filter)).toThrow(words);
  });
});

test('experiments are ordered by what is asked for, then the newest first; twice the same field is refused', () => {
  expect(found('', ['name DESC'])).toEqual(['ab', 'a', 'Default', 'Abc']);
  expect(found('', ['last_update_time DESC', 'name']).at(-1)).toBe('Default');
  expect(() => found('', ['name', 'attribute.name DESC'])).toThrow(/duplicate/);
});
