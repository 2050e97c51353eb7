import * as vscode from 'vscode';
import type { RunId } from '../../model/run';
import type { FolderLink } from '../folderLink';
import { COMMANDS } from '../ids';
import type { TreeRow } from './experimentsTree';
import type { RunRow } from './runsModel';

const MIME = 'application/vnd.code.tree.winnow.experiments';

/** What is to be compared when runs are dropped. */
export interface Dropped {
  readonly folder: string;
  readonly runIds: readonly RunId[];
}

/**
 * The comparison that a drop asks for: onto a run, which becomes the base; onto anything else, of the runs among
 * themselves. Null when there are not two runs of one folder.
 */
export function comparisonOf(
  dragged: readonly RunRow[],
  target: TreeRow | undefined,
  linkOf: (row: RunRow) => FolderLink,
): Dropped | null {
  const rows = target?.kind === 'run' ? [target, ...dragged] : dragged;
  const [first] = rows;
  if (first === undefined) return null;
  const link = linkOf(first);
  const runIds = [...new Set(rows.filter((row) => linkOf(row) === link).map(({ runId }) => runId))];
  return runIds.length < 2 ? null : { folder: link.folder.uri.fsPath, runIds };
}

/** Runs are dragged onto one another to be compared. */
export function runDrag(options: {
  linkOf(row: RunRow): FolderLink;
  executeCommand(command: string, argument: unknown): Thenable<unknown>;
}): vscode.TreeDragAndDropController<TreeRow> {
  return {
    dragMimeTypes: [MIME],
    dropMimeTypes: [MIME],
    handleDrag(rows, data) {
      const runs = rows.filter((row) => row.kind === 'run');
      if (runs.length > 0) data.set(MIME, new vscode.DataTransferItem(runs));
    },
    async handleDrop(target, data) {
      const dragged: unknown = data.get(MIME)?.value;
      if (!Array.isArray(dragged)) return;
      const dropped = comparisonOf(dragged.filter(isRunRow), target, (row) => options.linkOf(row));
      if (dropped !== null) await options.executeCommand(COMMANDS.compareRuns, dropped);
    },
  };
}

/** Within the window the very rows arrive; anything else is nothing of ours. */
function isRunRow(row: unknown): row is RunRow {
  return typeof row === 'object' && row !== null && 'kind' in row && row.kind === 'run' && 'model' in row;
}
