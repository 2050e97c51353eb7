import * as vscode from 'vscode';
import type { FolderLink } from '../folderLink';
import { COMMANDS } from '../ids';
import type { TreeRow } from './experimentsTree';
import { comparisonOf } from './runDrop';
import type { RunRow } from './runsModel';

const MIME = 'application/vnd.code.tree.winnow.experiments';

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
