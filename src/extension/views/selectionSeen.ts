import type * as vscode from 'vscode';
import { delay } from '../../base/abort';
import type { Disposable } from '../../base/lifecycle';

/** The selection of a tree as the person sees it. */
export interface SelectionSeen<Row> extends Disposable {
  /** Waits for rows that are just being fetched anew; where nothing is selected it answers at once. */
  read(): Promise<readonly Row[]>;
}

type View<Row> = Pick<vscode.TreeView<Row>, 'selection' | 'onDidChangeSelection'>;

const FETCH_MS = 1_000; // Fetching the rows takes a few milliseconds, on a busy machine a hundred.
const LOOK_MS = 20;

/**
 * While the rows of a tree are fetched anew VS Code tells an extension of no selection, though the person sees one:
 * what is selected is known by the rows. So a selection that is gone without a word is waited for, and so is one of
 * which VS Code told while rows were on their way.
 *
 * @param redrawnAt When rows were last asked for anew, in ms of performance.now().
 */
export function seeSelection<Row>(view: View<Row>, redrawnAt: () => number): SelectionSeen<Row> {
  let isExpected = false;
  const heard = view.onDidChangeSelection(({ selection }) => {
    isExpected = selection.length > 0 || performance.now() - redrawnAt() < FETCH_MS;
  });
  return {
    async read() {
      const end = performance.now() + FETCH_MS;
      while (isExpected && view.selection.length === 0 && performance.now() < end) await delay(LOOK_MS);
      isExpected = view.selection.length > 0;
      return view.selection;
    },
    dispose: () => void heard.dispose(),
  };
}
