import type { RunId } from '../../model/run';
import type { FolderLink } from '../folderLink';
import type { TreeRow } from './experimentsTree';
import type { RunRow } from './runsModel';

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
