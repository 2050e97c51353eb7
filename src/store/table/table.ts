import type { Sliced } from '../../base/slices';
import type { Goal } from '../../model/goal';
import type { RunId } from '../../model/run';
import type { Column, ColumnInfo, RunColumns, TableQuery, TableWindow } from '../../model/table';
import type { Db } from '../database';
import type { Journal } from '../journal';
import type { RunRecord } from '../runs';
import { naiveTable } from './naive';

export interface ColumnsQuery {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly includeArchived: boolean;
}

/** The runs table: see model/table.ts. Whatever looks at many runs is done in slices. */
export interface TableStore {
  /** @throws UserError 'invalid' for a filter that makes no sense. */
  readTable(query: TableQuery, columns: readonly Column[], from: number, count: number): Sliced<TableWindow>;
  listColumns(query: ColumnsQuery): Sliced<ColumnInfo[]>;
  /** The most frequent values that contain a text in any case. */
  listValues(
    experimentIds: readonly string[],
    column: Column,
    containing: string,
    limit: number,
  ): Sliced<{ readonly text: string; readonly runCount: number }[]>;
  /** Where a run stands among the rows; null when it is not there. */
  findRow(query: TableQuery, runId: string): Sliced<number | null>;
  /** In the order of the table, those of folded groups included. */
  listRunIds(query: TableQuery, limit: number): Sliced<RunId[]>;
  /** @param runIds null: those of the table, in its order. */
  readColumns(
    query: TableQuery,
    runIds: readonly string[] | null,
    columns: readonly Column[],
    limit: number,
  ): Sliced<RunColumns>;
}

export interface TableSources {
  readonly readRuns: (keys: readonly number[]) => RunRecord[];
  readonly searchRunKeys: (search: {
    readonly experimentIds: readonly string[];
    readonly filter: string;
    readonly lifecycle: 'active';
    readonly limit: number;
    readonly offset: number;
  }) => number[];
  readonly goalOf: (experimentId: string) => Goal | null;
}

export function tableStore(_db: Db, journal: Journal, sources: TableSources): TableStore {
  return naiveTable(journal, sources);
}
