import type { ApiClient } from '../../api/client';
import type { RequestOf } from '../../api/endpoints';
import type { Experiment } from '../../model/experiment';
import { clauseFor, withClause } from '../../model/filterText';
import { type Run, type RunId, TAGS } from '../../model/run';
import { type TreeChoice, isNested } from './treeChoice';

/** Some runs of a list. */
export interface RunPage {
  readonly runs: readonly Run[];
  /** How many the list has; null: more than these, and nobody counted them. */
  readonly total: number | null;
}

/** Which list it is: an experiment's, one of its groups by the group's clause, or a run's children. */
export interface ListOf {
  readonly experiment: Experiment;
  readonly parent: RunId | null;
  readonly clause: string | null;
}

/** Beyond, counting all runs takes longer than reading those that are shown. */
const COUNTED = 5_000;
const ROWS_AT_ONCE = 500; // As many as one stretch of the table has.
const NOT_ARCHIVED = `tags.\`${TAGS.archived}\` IS NULL`;

/** Reads a stretch of a list in the order and with the filter that a person chose. The server pages and sorts. */
export async function readRunPage(
  client: ApiClient,
  list: ListOf,
  choice: TreeChoice,
  offset: number,
  limit: number,
): Promise<RunPage> {
  const orderBy = quickOrder(list.experiment, choice);
  return choice.filter === '' && list.clause === null && orderBy !== null
    ? searchPage(client, list, choice, orderBy, offset, limit)
    : tablePage(client, list, choice, offset, limit);
}

/** How runs are read in order from an index; null when no index has them so. */
function quickOrder({ goal }: Experiment, { sort }: TreeChoice): readonly string[] | null {
  switch (sort) {
    case 'newest':
      return [];
    case 'name':
      return ['attributes.run_name ASC'];
    case 'best': {
      if (goal === null) return [];
      const name = goal.metric.includes('`') ? null : `\`${goal.metric}\``;
      return name === null ? null : [`best.${name} ${goal.direction === 'maximize' ? 'DESC' : 'ASC'}`];
    }
    case 'duration':
      return null;
  }
}

async function searchPage(
  client: ApiClient,
  { experiment, parent }: ListOf,
  choice: TreeChoice,
  orderBy: readonly string[],
  offset: number,
  limit: number,
): Promise<RunPage> {
  const isCounted = experiment.runCount <= COUNTED;
  const { runs, total } = await client.call('searchRuns', {
    ...(parent === null ? { experimentIds: [experiment.experimentId] } : {}),
    ...(parent !== null || isNested(choice) ? { parentRunId: parent } : {}),
    ...(choice.showsArchived ? {} : { filter: NOT_ARCHIVED }),
    ...(orderBy.length === 0 ? {} : { orderBy: [...orderBy] }),
    offset,
    limit: isCounted ? limit : limit + 1,
    withTotal: isCounted,
  });
  if (isCounted) return { runs, total };
  return { runs: runs.slice(0, limit), total: runs.length > limit ? null : offset + runs.length };
}

async function tablePage(
  client: ApiClient,
  list: ListOf,
  choice: TreeChoice,
  offset: number,
  limit: number,
): Promise<RunPage> {
  const query = tableQueryOf(list, choice);
  const runs: Run[] = [];
  let total = 0;
  for (let from = offset; from < offset + limit; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, offset + limit - from);
    const { rows, runCount } = await client.call('readTable', { query, columns: [], from, count });
    total = runCount;
    const runIds = rows.flatMap((row) => (row.kind === 'run' ? [row.runId] : []));
    if (runIds.length === 0) break;
    const found = await client.call('searchRuns', { runIds, limit: runIds.length });
    const byId = new Map(found.runs.map((run) => [run.runId, run]));
    runs.push(...runIds.flatMap((runId) => byId.get(runId) ?? []));
  }
  return { runs, total };
}

/** Which runs the table is asked for. */
type TableRequest = RequestOf<'readTable'>['query'];

/** The list as the runs table would show it. */
export function tableQueryOf({ experiment, parent, clause }: ListOf, choice: TreeChoice): TableRequest {
  const parentTag = { kind: 'tag', name: TAGS.parentRunId } as const;
  const clauses = [
    ...(clause === null ? [] : [clause]),
    ...(parent !== null || isNested(choice) ? [clauseFor(parentTag, '=', parent)] : []),
  ];
  return {
    experimentIds: [experiment.experimentId],
    filter: clauses.reduce(withClause, choice.filter),
    sort: sortOf(experiment, choice),
    groupBy: null,
    folded: [],
    includeArchived: choice.showsArchived,
  };
}

function sortOf({ goal }: Experiment, { sort }: TreeChoice): TableRequest['sort'] {
  switch (sort) {
    case 'newest':
      return [];
    case 'name':
      return [{ column: { kind: 'name' }, descending: false }];
    case 'best':
      return goal === null
        ? []
        : [
            {
              column: { kind: 'metric', name: goal.metric, of: 'best' },
              descending: goal.direction === 'maximize',
            },
          ];
    case 'duration':
      return [{ column: { kind: 'attribute', name: 'duration' }, descending: true }];
  }
}
