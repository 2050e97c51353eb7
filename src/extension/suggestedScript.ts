import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, Owned } from '../base/lifecycle';
import type { ContextKeys } from './ids';
import type { Errors } from './errors';
import { openScript, suggestedScript } from './scripts';
import type { ExperimentsTree } from './views/experimentsTree';

export interface SuggestedScriptOptions {
  readonly tree: ExperimentsTree;
  readonly errors: Errors;
  setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void;
}

/**
 * Keeps the name of the script that the empty view's button runs: the open one, else the one found that
 * clearly trains. Looks for it only while the empty view is on the screen.
 */
export function createSuggestedScript({ tree, errors, setContext }: SuggestedScriptOptions): Disposable {
  const owned = new Owned();
  let found: string | null = null;

  const suggest = async () => {
    if (!tree.view.visible) return;
    const open = openScript();
    if (open !== undefined) {
      setContext('winnow.suggestedScript', path.basename(open.fsPath));
      return;
    }
    if (found === null) {
      const script = await suggestedScript();
      found = script === undefined ? '' : path.basename(script.fsPath);
    }
    setContext('winnow.suggestedScript', found);
  };
  const later = () => errors.background('suggested script', suggest());

  owned.add(vscode.window.onDidChangeActiveTextEditor(later));
  owned.add(
    tree.view.onDidChangeVisibility(() => {
      found = null;
      later();
    }),
  );
  later();
  return owned;
}
