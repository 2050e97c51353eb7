import * as z from 'zod/mini';
import type { Store } from '../../../store/store';
import { loggedModelFolder } from './artifactFolders';
import type { LoggedModels } from './sources';

/** The tag of a logged model that lists the versions it became: JSON of `[{"name", "version"}]`, as MLflow keeps it. */
const TAG = 'mlflow.modelVersions';
const listed = z.array(z.object({ name: z.string(), version: z.union([z.string(), z.number()]) }));

/** The logged models of a store, as the registry knows them. */
export function loggedModelsOf(store: Store): LoggedModels {
  return {
    find(modelId) {
      const model = store.getLoggedModel(modelId);
      if (model === null) return null;
      const artifactLocation = `mlflow-artifacts:/${loggedModelFolder(model.experimentId, modelId)}`;
      return { artifactLocation, sourceRunId: model.sourceRunId };
    },

    registered(modelId, name, version) {
      const model = store.getLoggedModel(modelId);
      if (model === null) return;
      const before = listed.safeParse(parsed(model.tags[TAG]));
      const versions = before.success ? before.data : [];
      if (versions.some((each) => each.name === name && Number(each.version) === version)) return;
      const value = pythonJson([...versions, { name, version }]);
      store.setLoggedModelTags(store.loggedModelHead(modelId), [{ key: TAG, value }]);
    },
  };
}

/** JSON with the blanks that Python writes, which is what MLflow's own server keeps and its tests compare. */
function pythonJson(versions: z.infer<typeof listed>): string {
  const each = versions.map(
    ({ name, version }) => `{"name": ${JSON.stringify(name)}, "version": ${JSON.stringify(version)}}`,
  );
  return `[${each.join(', ')}]`;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch {
    return []; // Somebody wrote the tag by hand: it starts anew.
  }
}
