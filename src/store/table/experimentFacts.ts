import type { Sliced } from '../../base/slices';
import { bestBeside } from '../../model/bestConfiguration';
import type { ConfigurationFact, ConfiguredRun, FactRun } from '../../model/experimentFacts';
import { type Direction, type Goal, isBetter } from '../../model/goal';
import { type RunId, TAGS } from '../../model/run';
import type { Db } from '../database';
import type { Journal } from '../journal';
import type { ColumnData } from './column';
import type { Columns } from './columns';
import { Configurations } from './configurations';
import type { Members } from './members';
import type { Orders } from './orders';

/** What the runs of an experiment say of it. */
export interface RunFacts {
  readonly runCount: number;
  readonly runningCount: number;
  readonly scripts: readonly string[];
  readonly best: FactRun | null;
  readonly champion: FactRun | null;
  readonly difference: ConfigurationFact | null;
  readonly worthSeeing: readonly RunId[];
}

export interface RunFactStore {
  /**
   * What the runs of an experiment say of it by a goal; archived and deleted runs say nothing. In slices.
   * @param championId null: there is none.
   */
  readFacts(experimentId: string, goal: Goal | null, championId: string | null): Sliced<RunFacts>;
}

const MOST_SCRIPTS = 3;
const SCRIPTS_OF = 20; // The newest runs: what the experiment is about today.
const MOST_WORTH = 7; // As many lines as are told apart easily.
const MOST_RUNNING = 4; // Of these, so that others have a place beside them.
const KEYS_A_SLICE = 20_000;

export function experimentFactsReader(
  db: Db,
  journal: Journal,
  members: Members,
  columns: Columns,
  orders: Orders,
): RunFactStore['readFacts'] {
  const configurations = new Configurations(db, journal, members);
  const heads = db.prepare<[string], { run_key: number; run_id: RunId; name: string }>(
    'SELECT run_key, run_id, name FROM runs WHERE run_key IN (SELECT value FROM json_each(?))',
  );
  const keyOf = db
    .prepare<[string], number>('SELECT run_key FROM runs WHERE run_id = ? AND deleted_at IS NULL')
    .pluck();
  const scripts = db
    .prepare<[string, string], string>(
      `SELECT tags.value FROM json_each(?) AS run JOIN tags ON tags.run_key = run.value AND tags.key = ?
       ORDER BY run.key`,
    )
    .pluck();

  return function* read(experimentId, goal, championId) {
    const keys = yield* orders.filtered({
      experimentIds: [experimentId],
      filter: '',
      includeArchived: false,
    });
    yield* configurations.refresh();
    const states = yield* columns.read({ kind: 'attribute', name: 'state' });
    const values =
      goal === null ? null : yield* columns.read({ kind: 'metric', name: goal.metric, of: 'best' });
    const champion = championId === null ? null : (keyOf.get(championId) ?? null);
    const direction: Direction = goal?.direction ?? 'maximize';

    const running: number[] = [];
    const ended: ConfiguredRun[] = [];
    let best: { readonly key: number; readonly value: number } | null = null;
    for (const [index, key] of keys.entries()) {
      if (index % KEYS_A_SLICE === KEYS_A_SLICE - 1) yield;
      const state = states.kind === 'texts' ? states.text(key) : '';
      if (state === 'running') running.push(key);
      const value = numberAt(values, key);
      if (value === null || Number.isNaN(value)) continue;
      // Of equals the earliest: they come newest first.
      if (best === null || !isBetter(best.value, value, direction)) best = { key, value };
      if (state !== 'finished' || !Number.isFinite(value)) continue;
      ended.push({
        configuration: configurations.configurationOf(key),
        seeds: configurations.seedsOf(key),
        value,
      });
    }
    yield;
    const found = new Map(
      heads
        .all(
          JSON.stringify([
            ...keys.subarray(0, MOST_WORTH),
            ...running.slice(0, MOST_RUNNING),
            best?.key ?? 0,
            champion ?? 0,
          ]),
        )
        .map((row) => [row.run_key, row]),
    );
    const factOf = (key: number): FactRun | null => {
      const head = found.get(key);
      const value = numberAt(values, key);
      return head === undefined ? null : { runId: head.run_id, name: head.name, value };
    };
    const worth = [
      ...(best === null ? [] : [best.key]),
      ...(champion === null ? [] : [champion]),
      ...running.slice(0, MOST_RUNNING),
      ...keys.subarray(0, MOST_WORTH),
    ];
    return {
      runCount: keys.length,
      runningCount: running.length,
      scripts: fileNames(scripts.all(JSON.stringify([...keys.subarray(0, SCRIPTS_OF)]), TAGS.sourceName)),
      best: best === null ? null : factOf(best.key),
      champion: champion === null ? null : factOf(champion),
      difference:
        champion === null || goal === null
          ? null
          : bestBeside(ended, configurations.configurationOf(champion), direction),
      worthSeeing: [...new Set(worth)].slice(0, MOST_WORTH).flatMap((key) => found.get(key)?.run_id ?? []),
    };
  };
}

function numberAt(data: ColumnData | null, key: number): number | null {
  return data !== null && data.kind === 'numbers' && data.isThere(key) ? data.number(key) : null;
}

function fileNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => path.split(/[\\/]/).at(-1) ?? '').filter((name) => name !== '');
  return [...new Set(names)].slice(0, MOST_SCRIPTS);
}
