import { UserError } from '../base/errors';
import type { SavedView } from '../model/savedView';
import type { Db } from './database';
import type { Journal } from './journal';

/** A view as it is stored: its definition was written by this program, or by another version of it. */
export interface StoredView {
  readonly name: string;
  readonly definition: unknown;
}

/** The saved views of experiments' pages. */
export interface ViewStore {
  /** In their order. */
  listViews(experimentId: string): StoredView[];
  /** In place of the one of that name, or behind all. @throws UserError 'not-found', 'too-many-views'. */
  saveView(experimentId: string, view: SavedView): void;
  /** Repeating it changes nothing. @throws UserError 'not-found', 'already-exists'. */
  renameView(experimentId: string, name: string, to: string): void;
  deleteView(experimentId: string, name: string): void;
}

const MOST_VIEWS = 100; // Of one experiment: more would be no row of tabs.

export function viewStore(db: Db, journal: Journal): ViewStore {
  const list = db.prepare<[string], { name: string; definition: string }>(
    'SELECT name, definition FROM views WHERE experiment_id = ? ORDER BY position, name',
  );
  const experiment = db
    .prepare<[string], number>('SELECT experiment_id FROM experiments WHERE experiment_id = ?')
    .pluck();
  const put = db.prepare<[number, string, number, string]>(
    `INSERT INTO views (experiment_id, name, position, definition)
     VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM views WHERE experiment_id = ?), ?)
     ON CONFLICT DO UPDATE SET definition = excluded.definition`,
  );
  const rename = db.prepare<[string, number, string]>(
    'UPDATE views SET name = ? WHERE experiment_id = ? AND name = ?',
  );
  const drop = db.prepare<[number, string]>('DELETE FROM views WHERE experiment_id = ? AND name = ?');
  const touch = db.prepare<[number, number]>('UPDATE experiments SET seq = ? WHERE experiment_id = ?');

  function keyOf(experimentId: string): number {
    const key = experiment.get(experimentId);
    if (key === undefined) throw new UserError('not-found', `No Experiment with id=${experimentId} exists`);
    return key;
  }

  function namesOf(experimentId: string): Set<string> {
    return new Set(list.all(experimentId).map(({ name }) => name));
  }

  function changed(key: number): void {
    touch.run(journal.next(), key);
    journal.experiment(key);
  }

  return {
    listViews(experimentId) {
      keyOf(experimentId);
      return list
        .all(experimentId)
        .map(({ name, definition }) => ({ name, definition: JSON.parse(definition) as unknown }));
    },

    saveView(experimentId, { name, definition }) {
      const key = keyOf(experimentId);
      const names = namesOf(experimentId);
      if (!names.has(name) && names.size >= MOST_VIEWS) {
        throw new UserError(
          'too-many-views',
          `The experiment has ${MOST_VIEWS} views. Delete one before you keep another.`,
        );
      }
      put.run(key, name, key, JSON.stringify(definition));
      changed(key);
    },

    renameView(experimentId, name, to) {
      const key = keyOf(experimentId);
      if (name === to) return;
      const names = namesOf(experimentId);
      if (names.has(to) && names.has(name)) {
        throw new UserError('already-exists', `There is a view "${to}" already. Choose another name.`);
      }
      if (!names.has(name)) {
        if (names.has(to)) return; // It was renamed by the same request before.
        throw new UserError('not-found', `There is no view "${name}" to rename.`);
      }
      rename.run(to, key, name);
      changed(key);
    },

    deleteView(experimentId, name) {
      const key = keyOf(experimentId);
      if (drop.run(key, name).changes > 0) changed(key);
    },
  };
}
