import { expect, test } from 'vitest';
import { allAtOnce } from '../../base/slices';
import { openDatabase } from '../database';
import { factStore } from '../facts';
import { createJournal } from '../journal';
import { metricStore } from '../metrics';
import { runStore } from '../runs';
import { columnInfoReader } from './columnInfo';
import { Columns } from './columns';
import { Members } from './members';

test('columns read from the indexes are those that the runs have, also while runs change', () => {
  const { db } = openDatabase({ database: ':memory:' });
  const journal = createJournal(db);
  const runs = runStore(db, journal, { artifacts: '' });
  const facts = factStore(db, journal);
  const metrics = metricStore(db, journal);
  const members = new Members(db, journal);
  const columns = new Columns(db, journal, members);
  const fromIndexes = columnInfoReader(db, journal, members, columns, 0);
  const fromRuns = columnInfoReader(db, journal, members, columns, Infinity);
  let seed = 5;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const values = ['0.1', '0.1', '9', '10', 'adam', '', 'x'.repeat(80), '1e-3'];
  const numbers = [0.5, 0.5, 1, -2, Number.NaN, Infinity, -Infinity];

  for (let round = 0; round < 60; round++) {
    for (let i = 0; i < 3; i++) {
      const run = runs.runHead(
        runs.createRun({ experimentId: '0', name: `r${round}`, state: 'running', startedAt: round }),
      );
      const names = ['a', 'b', 'c', 'd'].filter(() => random() < 0.3);
      facts.logParams(
        run,
        names.map((key) => ({ key, value: pick(key === 'a' ? ['1', '2', '30'] : values) })),
      );
      facts.setTags(run, [{ key: pick(['s', 't']), value: pick(values) }]);
      if (random() < 0.3) facts.deleteTag(run, 'mlflow.runName');
      for (const name of names)
        metrics.logMetrics(run, [{ name, value: pick(numbers), step: 1, timestamp: 1 }]);
    }
    allAtOnce(members.refresh());
    const left = members.order.filter(() => random() < pick([1, 0.95, 0.5]));
    expect(allAtOnce(fromIndexes(left))).toEqual(allAtOnce(fromRuns(left)));
  }
  db.close();
});
