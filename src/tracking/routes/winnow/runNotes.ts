import type { Ingest } from '../../../ingest/ingest';
import { TAGS } from '../../../model/run';
import type { DatasetInput } from '../../../store/runs';
import type { Store } from '../../../store/store';
import type { Handlers } from './index';

const MOST_VERSIONS = 100; // Of one run; more would be no list to read.

/** What a person notes of a run, and what the run is connected with. */
export function runNoteHandlers({
  store,
  ingest,
}: {
  readonly store: Store;
  readonly ingest: Ingest;
}): Handlers<'setNote' | 'setStar' | 'getRunInputs'> {
  async function setTag(runId: string, key: string, value: string): Promise<void> {
    await ingest.write('full', () => {
      const run = store.activeRun(runId);
      if (value !== '') store.setTags(run, [{ key, value }]);
      // Repeating it changes nothing.
      else if (store.getTag(run, key) !== null) store.deleteTag(run, key);
    });
  }

  return {
    async setNote({ runId, note }) {
      await setTag(runId, TAGS.note, note);
      return {};
    },

    async setStar({ runId, starred }) {
      await setTag(runId, TAGS.starred, starred ? 'true' : '');
      return {};
    },

    getRunInputs({ runId }) {
      store.runHead(runId);
      const [record] = store.readRuns(store.runKeysOf([runId]));
      const outputs = record?.models?.outputs.map(({ modelId }) => modelId) ?? [];
      const versions = store.searchModelVersions({
        filter: `run_id = '${runId}'`,
        orderBy: [],
        limit: MOST_VERSIONS,
        offset: 0,
      });
      return {
        datasets: (record?.inputs ?? []).map(datasetOf),
        models: [
          ...outputs.map((modelId) => modelOf(modelId, 'output' as const)),
          ...(record?.models?.inputs ?? []).map((modelId) => modelOf(modelId, 'input' as const)),
        ],
        versions: versions.found.map(({ name, version, aliases }) => ({ name, version, aliases })),
      };
    },
  };

  function modelOf<Direction extends 'output' | 'input'>(modelId: string, direction: Direction) {
    // A client may name a model that is not here.
    const model = store.getLoggedModel(modelId);
    return { modelId, direction, name: model?.name ?? modelId, status: model?.status ?? '' };
  }
}

function datasetOf({ dataset, tags }: DatasetInput) {
  return {
    name: dataset['name'] ?? '',
    digest: dataset['digest'] ?? '',
    context: tags.find(({ key }) => key === 'mlflow.data.context')?.value ?? null,
    sourceType: dataset['source_type'] ?? null,
    source: dataset['source'] ?? null,
    rowCount: rowCountOf(dataset['profile']),
    problem: tags.find(({ key }) => key === TAGS.datasetProblem)?.value ?? null,
  };
}

/** MLflow's own kinds of datasets say `{"num_rows": 1078, …}`; what else a client wrote is no number of rows. */
function rowCountOf(profile: string | undefined): number | null {
  try {
    const parsed: unknown = JSON.parse(profile ?? '');
    const rows = typeof parsed === 'object' && parsed !== null && 'num_rows' in parsed ? parsed.num_rows : 0;
    return typeof rows === 'number' && Number.isFinite(rows) && rows > 0 ? rows : null;
  } catch {
    /* Nobody has to write a profile, or JSON. */
    return null;
  }
}
