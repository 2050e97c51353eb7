import { UserError } from '../../../base/errors';
import type { Run } from '../../../model/run';
import type { Ingest } from '../../../ingest/ingest';
import type { RunSearch } from '../../../store/search/search';
import type { Store } from '../../../store/store';
import { readManySeries } from '../../readSeries';
import type { Handlers } from './index';

const PAGE = 1000; // As many as MLflow gives without being asked for a number.

export function runHandlers({
  store,
  ingest,
}: {
  readonly store: Store;
  readonly ingest: Ingest;
}): Handlers<
  | 'searchRuns'
  | 'getRun'
  | 'listAttempts'
  | 'getEnvironment'
  | 'getDatasets'
  | 'resolveRun'
  | 'renameRun'
  | 'deleteRuns'
  | 'restoreRuns'
  | 'readSeries'
> {
  function searched(request: {
    readonly experimentIds?: readonly string[] | undefined;
    readonly experiment?: string | undefined;
  }): readonly string[] | undefined {
    if (request.experiment === undefined) return request.experimentIds;
    const named = store.getExperimentByName(request.experiment)?.experimentId;
    return named === undefined ? [] : [named];
  }

  return {
    searchRuns(request) {
      const search: RunSearch = {
        experimentIds: searched(request),
        runIds: request.runIds,
        parentRunId: request.parentRunId,
        filter: request.filter,
        orderBy: request.orderBy,
        lifecycle: request.includeDeleted === true ? 'all' : 'active',
        limit: request.limit ?? PAGE,
        offset: request.offset ?? 0,
      };
      const runs = store.readRuns(store.searchRunKeys(search));
      const isWhole = search.offset === 0 && runs.length < search.limit;
      const isCounted = !isWhole && request.withTotal !== false;
      return {
        runs: runs.map(toRun),
        total: isCounted ? store.countRuns(search) : search.offset + runs.length,
      };
    },
    getRun({ runId }) {
      const run = store.getRun(runId);
      if (run === null) throw new UserError('not-found', `Run with id=${runId} not found`);
      return { run };
    },
    listAttempts: ({ runId }) => ({ attempts: store.attemptsOf(runId) }),
    getEnvironment: ({ runId }) => ({ environment: store.getEnvironment(runId) }),
    getDatasets: ({ runId }) => ({ datasets: store.openedFiles(runId) }),
    resolveRun: ({ ref }) => ({ run: store.resolveRun(ref) }),
    async renameRun({ runId, name }) {
      await ingest.write('full', () => store.updateRun(runId, { name }));
      return {};
    },
    async deleteRuns({ runIds }) {
      await ingest.write('full', () => store.deleteRuns(runIds));
      return {};
    },
    async restoreRuns({ runIds }) {
      await ingest.write('full', () => store.restoreRuns(runIds));
      return {};
    },
    async readSeries({ series, pixels, fromStep, toStep }, { signal }) {
      return {
        series: await readManySeries({ store, ingest }, { series, pixels, fromStep, toStep }, signal),
      };
    },
  };
}

/** A run as the API has it: a record of the store has columns for MLflow besides. */
function toRun(record: Run): Run {
  return {
    runId: record.runId,
    experimentId: record.experimentId,
    experiment: record.experiment,
    name: record.name,
    state: record.state,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    exitCode: record.exitCode,
    signal: record.signal,
    reason: record.reason,
    parentRunId: record.parentRunId,
    childCount: record.childCount,
    hasRunner: record.hasRunner,
    deleted: record.deleted,
    params: record.params,
    metrics: record.metrics,
    tags: record.tags,
  };
}
