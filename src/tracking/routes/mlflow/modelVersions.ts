import { createHash } from 'node:crypto';
import { UserError } from '../../../base/errors';
import { ACTIVE_STAGES, isPrompt } from '../../../model/modelVersion';
import { RETRY_WINDOW_MS, createDeliveries } from './deliveries';
import {
  modelVersionMessage,
  pageMessage,
  readModelName,
  readRegistryTag,
  readRegistryTags,
  readSearch,
  readStage,
  readTagKey,
  readText,
  readVersion,
} from './registryWire';
import type { Call, MlflowDeps, MlflowRoute } from './route';
import { type LoggedModels, checkPromptSource, resolveSource } from './sources';
import { invalidValue, missingValue } from './wire';

const RESULTS = { usual: 200_000, most: 200_000 };

/** model-versions/*: what the numbered versions of a registered model are, and where. */
export function modelVersionRoutes({ store, ingest }: MlflowDeps, loggedModels: LoggedModels): MlflowRoute[] {
  const deliveries = createDeliveries();

  const version = (name: string, number: number) => ({
    model_version: modelVersionMessage(store.getModelVersion(name, number)),
  });

  /** Inside a write. A repeated request gets the version it made, if the answer to it was lost. */
  function create({ input, principal, delivery }: Call): object {
    const name = readModelName(input.name);
    const source = readText(input.source, 'source');
    if (source === undefined || source === '') throw missingValue('source');
    const tags = readRegistryTags(input.tags);
    const asked = {
      source,
      runId: readText(input.run_id, 'run_id'),
      modelId: readText(input.model_id, 'model_id'),
    };
    const rest = {
      runLink: readText(input.run_link, 'run_link') ?? '',
      description: readText(input.description, 'description') ?? '',
    };
    const attempt = principal.kind === 'attempt' ? principal.attempt.attemptId : null;
    const creationKey = digest([attempt, name, asked, rest, tags]);

    const since = Date.now() - RETRY_WINDOW_MS;
    const lost = store
      .recentVersions(name, creationKey, since)
      .find((made) => deliveries.isLost(String(made.versionKey), made));
    const made = lost ?? make();
    deliveries.watch(String(made.versionKey), delivery);
    return version(name, made.version);

    function make() {
      const place = isPrompt(tags) ? checkPromptSource(asked) : resolveSource(asked, store, loggedModels);
      const made = store.createModelVersion({ name, creationKey, tags, ...rest, ...place });
      if (place.modelId !== null) loggedModels.registered(place.modelId, name, made.version);
      return made;
    }
  }

  return [
    {
      method: 'POST',
      path: 'model-versions/create',
      handle: (call) => ingest.write('full', () => create(call)),
    },
    {
      method: 'PATCH',
      path: 'model-versions/update',
      handle({ input }) {
        const { name, number } = readOne(input);
        const description = readText(input.description, 'description') ?? null;
        return ingest.write('full', () => {
          store.describeModelVersion(name, number, description);
          return version(name, number);
        });
      },
    },
    {
      method: 'POST',
      path: 'model-versions/transition-stage',
      handle({ input }) {
        const { name, number } = readOne(input);
        const stage = readStage(input.stage);
        const archiveOthers = input.archive_existing_versions ?? false;
        if (typeof archiveOthers !== 'boolean') {
          throw invalidValue(archiveOthers, 'archive_existing_versions');
        }
        if (archiveOthers && !ACTIVE_STAGES.includes(stage)) {
          throw new UserError(
            'invalid',
            `Model version transition cannot archive existing model versions because '${String(input.stage)}' is not an Active stage. Valid stages are ['${ACTIVE_STAGES.join("', '")}']`,
          );
        }
        return ingest.write('full', () => {
          store.moveModelVersion(name, number, stage, archiveOthers);
          return version(name, number);
        });
      },
    },
    {
      method: 'DELETE',
      path: 'model-versions/delete',
      handle({ input, delivery }) {
        const { name, number } = readOne(input);
        return ingest.write('full', () =>
          deliveries.repeatable(
            JSON.stringify(['delete', name, number]),
            delivery,
            () => {
              store.deleteModelVersion(name, number);
              return {};
            },
            () => ({}),
          ),
        );
      },
    },
    {
      method: 'GET',
      path: 'model-versions/get',
      handle({ input }) {
        const { name, number } = readOne(input);
        return version(name, number);
      },
    },
    {
      method: 'GET',
      path: 'model-versions/search',
      handle({ input }) {
        const search = readSearch(input, RESULTS);
        const page = store.searchModelVersions(search);
        return pageMessage('model_versions', page, search, modelVersionMessage);
      },
    },
    {
      method: 'GET',
      path: 'model-versions/get-download-uri',
      handle({ input }) {
        const { name, number } = readOne(input);
        return { artifact_uri: store.getModelVersion(name, number).storageLocation };
      },
    },
    {
      method: 'POST',
      path: 'model-versions/set-tag',
      async handle({ input }) {
        const { name, number } = readOne(input);
        const { key, value } = readRegistryTag(input, 'tag');
        await ingest.write('full', () => store.setModelVersionTag(name, number, key, value));
        return {};
      },
    },
    {
      method: 'DELETE',
      path: 'model-versions/delete-tag',
      async handle({ input }) {
        const { name, number } = readOne(input);
        const key = readTagKey(input.key);
        await ingest.write('full', () => store.deleteModelVersionTag(name, number, key));
        return {};
      },
    },
  ];
}

function readOne(input: Record<string, unknown>): { name: string; number: number } {
  return { name: readModelName(input.name), number: readVersion(input.version) };
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
