import { type Deliveries, createDeliveries } from './deliveries';
import {
  isLatest,
  modelVersionMessage,
  pageMessage,
  readAlias,
  readModelName,
  readNewAlias,
  readRegistryTag,
  readRegistryTags,
  readSearch,
  readStage,
  readTagKey,
  readText,
  readTexts,
  readVersion,
  registeredModelMessage,
} from './registryWire';
import { UserError } from '../../../base/errors';
import { STAGES } from '../../../model/modelVersion';
import type { Call, MlflowDeps, MlflowRoute } from './route';

const RESULTS = { usual: 100, most: 1000 };

/** registered-models/*: models with a name, their tags and aliases. Prompts are models with a tag. */
export function registeredModelRoutes({ store, ingest }: MlflowDeps): MlflowRoute[] {
  const deliveries = createDeliveries();

  const model = (name: string) => ({
    registered_model: registeredModelMessage(store.getRegisteredModel(name)),
  });

  const latestVersions = ({ input }: Call) => {
    const name = readModelName(input.name);
    const asked = readTexts(input.stages, 'stages').map(readStage);
    const stages = asked.length === 0 ? STAGES : asked;
    const versions = store.latestVersions(name).filter(({ stage }) => stages.includes(stage));
    return versions.length > 0 ? { model_versions: versions.map(modelVersionMessage) } : {};
  };

  return [
    {
      method: 'POST',
      path: 'registered-models/create',
      handle({ input, delivery }) {
        const name = readModelName(input.name);
        const description = readText(input.description, 'description') ?? '';
        const tags = readRegistryTags(input.tags);
        return ingest.write('full', () =>
          deliveries.repeatable(
            JSON.stringify(['create', name, description, tags]),
            delivery,
            () => {
              store.createRegisteredModel({ name, description, tags });
              return model(name);
            },
            () => model(name),
          ),
        );
      },
    },
    {
      method: 'POST',
      path: 'registered-models/rename',
      handle({ input, delivery }) {
        const name = readModelName(input.name);
        const newName = readModelName(input.new_name, 'new_name');
        return ingest.write('full', () =>
          deliveries.repeatable(
            JSON.stringify(['rename', name, newName]),
            delivery,
            () => {
              store.renameRegisteredModel(name, newName);
              return model(newName);
            },
            () => model(newName),
          ),
        );
      },
    },
    {
      method: 'PATCH',
      path: 'registered-models/update',
      handle({ input }) {
        const name = readModelName(input.name);
        const description = readText(input.description, 'description') ?? '';
        return ingest.write('full', () => {
          store.describeRegisteredModel(name, description);
          return model(name);
        });
      },
    },
    {
      method: 'DELETE',
      path: 'registered-models/delete',
      handle({ input, delivery }) {
        const name = readModelName(input.name);
        return ingest.write('full', () => deleted(deliveries, name, delivery));
      },
    },
    {
      method: 'GET',
      path: 'registered-models/get',
      handle: ({ input }) => model(readModelName(input.name)),
    },
    {
      method: 'GET',
      path: 'registered-models/search',
      handle({ input }) {
        const search = readSearch(input, RESULTS);
        const page = store.searchRegisteredModels(search);
        return pageMessage('registered_models', page, search, registeredModelMessage);
      },
    },
    { method: 'POST', path: 'registered-models/get-latest-versions', handle: latestVersions },
    { method: 'GET', path: 'registered-models/get-latest-versions', handle: latestVersions },
    {
      method: 'POST',
      path: 'registered-models/set-tag',
      async handle({ input }) {
        const name = readModelName(input.name);
        const { key, value } = readRegistryTag(input, 'tag');
        await ingest.write('full', () => store.setRegisteredModelTag(name, key, value));
        return {};
      },
    },
    {
      method: 'DELETE',
      path: 'registered-models/delete-tag',
      async handle({ input }) {
        const name = readModelName(input.name);
        const key = readTagKey(input.key);
        await ingest.write('full', () => store.deleteRegisteredModelTag(name, key));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'registered-models/alias',
      async handle({ input }) {
        const name = readModelName(input.name);
        const alias = readNewAlias(input.alias);
        const version = readVersion(input.version);
        await ingest.write('full', () => store.setModelAlias(name, alias, version));
        return {};
      },
    },
    {
      method: 'DELETE',
      path: 'registered-models/alias',
      async handle({ input }) {
        const name = readModelName(input.name);
        const alias = readAlias(input.alias);
        await ingest.write('full', () => store.deleteModelAlias(name, alias));
        return {};
      },
    },
    {
      method: 'GET',
      path: 'registered-models/alias',
      handle({ input }) {
        const name = readModelName(input.name);
        const alias = readAlias(input.alias);
        const version = isLatest(alias)
          ? store.latestVersions(name).at(-1)
          : store.versionByAlias(name, alias);
        if (version === undefined) {
          throw new UserError('not-found', `Latest version not found for model ${name}.`);
        }
        if (version === null) throw new UserError('invalid', `Registered model alias ${alias} not found.`);
        return { model_version: modelVersionMessage(version) };
      },
    },
  ];

  function deleted(known: Deliveries, name: string, delivery: Call['delivery']): object {
    return known.repeatable(
      JSON.stringify(['delete', name]),
      delivery,
      () => {
        store.deleteRegisteredModel(name);
        return {};
      },
      () => ({}),
    );
  }
}
