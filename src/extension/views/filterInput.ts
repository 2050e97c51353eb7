import * as vscode from 'vscode';
import { delay } from '../../base/abort';
import { messageOf } from '../../base/errors';
import { Owned } from '../../base/lifecycle';
import { parseFilter } from '../../model/filterText';
import type { ColumnInfo } from '../../model/table';
import type { FolderLink } from '../folderLink';
import { type FilterHint, hintsAt, valueHints, valueTyped } from './filterHints';
import type { TreeChoices } from './treeChoice';

export interface FilterInputOptions {
  readonly choices: TreeChoices;
  /** Where names and values are asked for. */
  readonly links: readonly FolderLink[];
  onError(error: unknown): void;
}

const TYPED_MS = 200; // The tree follows when the person pauses, not with each letter.
const MOST_VALUES = 20;

interface FilterItem extends vscode.QuickPickItem {
  /** What the box holds once this is chosen. */
  readonly filter: string;
  /** Whether choosing it ends the input. */
  readonly isWhole: boolean;
}

/**
 * Lets a person filter the tree: it follows while one types, and shows what can be written next. Enter keeps the
 * filter; Escape brings the one before back.
 */
export function showFilterInput({ choices, links, onError }: FilterInputOptions): void {
  const owned = new Owned();
  const before = choices.choice.filter;
  const input = owned.add(vscode.window.createQuickPick<FilterItem>());
  input.title = vscode.l10n.t('Filter Runs');
  input.placeholder = vscode.l10n.t(
    "A name, or state = failed, best.val_accuracy > 0.9, params.lr = '0.1' …",
  );
  input.value = before;
  input.matchOnDescription = false;
  let isKept = false;
  let columns: readonly ColumnInfo[] = [];
  let typing = new AbortController();

  const refresh = () => {
    typing.abort();
    typing = new AbortController();
    const { signal } = typing;
    const filter = input.value;
    const problem = problemOf(filter);
    const { hints, valuesOf } = hintsAt(filter, columns);
    const items = itemsOf(filter, problem, hints, choices.filters);
    input.items = items;
    (async () => {
      if (valuesOf !== null) {
        const values = await valuesFor(links, valuesOf, valueTyped(filter), signal);
        if (signal.aborted) return;
        input.items = [...items, ...valueHints(filter, values).map(hintItem)];
      }
      await delay(TYPED_MS, signal);
      if (problem === null) choices.change({ filter: filter.trim() });
    })().catch((error: unknown) => {
      if (!signal.aborted) onError(error);
    });
  };

  owned.add(input.onDidChangeValue(refresh));
  owned.add(
    input.onDidAccept(() => {
      const [chosen] = input.selectedItems;
      const filter = (chosen?.filter ?? input.value).trim();
      if (chosen !== undefined && !chosen.isWhole) {
        input.value = chosen.filter;
        refresh();
        return;
      }
      if (problemOf(filter) !== null) return;
      isKept = true;
      choices.remember(filter);
      choices.change({ filter });
      input.hide();
    }),
  );
  owned.add(
    input.onDidHide(() => {
      typing.abort();
      if (!isKept) choices.change({ filter: before });
      owned.dispose();
    }),
  );
  refresh();
  input.show();
  columnsOf(links).then((found) => {
    columns = found;
    refresh();
  }, onError);
}

/** What is wrong with a filter, as a sentence; null when nothing is. */
export function problemOf(filter: string): string | null {
  try {
    parseFilter(filter, Date.now());
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function itemsOf(
  filter: string,
  problem: string | null,
  hints: readonly FilterHint[],
  used: readonly string[],
): readonly FilterItem[] {
  const whole: FilterItem = {
    label:
      problem !== null
        ? `$(error) ${problem}`
        : filter.trim() === ''
          ? `$(clear-all) ${vscode.l10n.t('Show All Runs')}`
          : `$(filter) ${vscode.l10n.t('Show Runs That Match')}`,
    filter,
    isWhole: true,
    alwaysShow: true,
  };
  const isEmpty = filter.trim() === '';
  const earlier = isEmpty ? used : [];
  return [
    whole,
    ...earlier.map((one) => ({ label: `$(history) ${one}`, filter: one, isWhole: true, alwaysShow: true })),
    ...hints.map(hintItem),
  ];
}

const ICONS: Readonly<Record<FilterHint['kind'], string>> = {
  name: 'symbol-field',
  operator: 'symbol-operator',
  value: 'symbol-constant',
  logic: 'symbol-keyword',
};

function hintItem({ text, filter, kind }: FilterHint): FilterItem {
  return { label: `$(${ICONS[kind]}) ${text}`, filter, isWhole: false, alwaysShow: true };
}

async function columnsOf(links: readonly FolderLink[]): Promise<readonly ColumnInfo[]> {
  const lists = await Promise.all(
    links.map(async (link) => {
      const client = await link.client();
      const { experiments } = await client.call('listExperiments', {});
      const experimentIds = experiments.map(({ experimentId }) => experimentId).slice(0, 1_000);
      return (await client.call('listColumns', { experimentIds, filter: '', includeArchived: true })).columns;
    }),
  );
  return lists.flat();
}

async function valuesFor(
  links: readonly FolderLink[],
  column: ColumnInfo['column'],
  containing: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lists = await Promise.all(
    links.map(async (link) => {
      const client = await link.client(signal);
      const { experiments } = await client.call('listExperiments', {}, signal);
      const experimentIds = experiments.map(({ experimentId }) => experimentId).slice(0, 1_000);
      const request = { experimentIds, column, containing, limit: MOST_VALUES };
      return (await client.call('listValues', request, signal)).values;
    }),
  );
  return [...new Set(lists.flat().map(({ text }) => text))].slice(0, MOST_VALUES);
}
