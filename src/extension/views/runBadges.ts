import * as vscode from 'vscode';
import { type Disposable, Owned } from '../../base/lifecycle';
import type { RunRow } from './runsModel';

const SCHEME = 'winnow-run';

/** The name of a run's row among decorations; it leads to no document. */
export function runUri({ runId, model }: RunRow): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${runId}`, query: model.folder });
}

/** Marks behind the names of runs: champion, starred, best. At most two characters, as VS Code draws them. */
export interface RunBadges extends Disposable {
  /** Draws the mark of a row anew when it is another than before. */
  refresh(row: RunRow): void;
}

export function createRunBadges(): RunBadges {
  const owned = new Owned();
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri[]>());
  const shown = new Map<string, RunBadge>();
  let fresh: vscode.Uri[] = [];
  owned.add(
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration(uri) {
        const badge = uri.scheme === SCHEME ? shown.get(uri.toString()) : undefined;
        return badge === undefined || badge.text === ''
          ? undefined
          : new vscode.FileDecoration(badge.text, badge.tooltip);
      },
    }),
  );
  return {
    refresh(row) {
      const uri = runUri(row);
      const key = uri.toString();
      const badge = badgeOf(row);
      const before = shown.get(key)?.text ?? '';
      if (badge.text === before) return;
      shown.set(key, badge);
      if (fresh.length === 0) {
        // Rows are drawn many at a time.
        queueMicrotask(() => {
          const uris = fresh;
          fresh = [];
          changed.fire(uris);
        });
      }
      fresh.push(uri);
    },
    dispose: () => owned.dispose(),
  };
}

/** A mark of at most two characters, and what it means. */
export interface RunBadge {
  readonly text: string;
  readonly tooltip: string;
}

/** The mark of a run: the two that count most. */
export function badgeOf(run: Pick<RunRow, 'isChampion' | 'isStarred' | 'isBest'>): RunBadge {
  const marks: [string, string][] = [];
  if (run.isChampion) marks.push(['◆', vscode.l10n.t('champion')]);
  if (run.isStarred) marks.push(['★', vscode.l10n.t('starred')]);
  if (run.isBest) marks.push(['▲', vscode.l10n.t('best')]);
  const two = marks.slice(0, 2);
  return {
    text: two.map(([mark]) => mark).join(''),
    tooltip: marks.map(([, word]) => word).join(', '),
  };
}
