import * as z from 'zod/mini';
import { UserError } from '../../../base/errors';
import type { ExperimentRecord } from '../../../store/experiments';
import type { Store } from '../../../store/store';
import { isTraversal } from '../../gate';
import type { MlflowDeps, MlflowRoute } from './route';
import { createExperimentCreations } from './experimentCreations';
import {
  experimentIdText,
  experimentMessage,
  optionalText,
  pageToken,
  readList,
  readPageToken,
  readTag,
  text,
} from './wire';

const MAX_NAME = 500;

const experimentName = z.string().check(
  z.minLength(1, 'it must not be empty.'),
  z.maxLength(MAX_NAME, `it may have ${MAX_NAME} characters at most.`),
  z.refine(
    (name) => !/[\0\p{Surrogate}]/u.test(name) && name.trim() !== '',
    'it must have visible characters.',
  ),
);

const oneExperiment = z.object({ experiment_id: experimentIdText });

const search = z.object({
  max_results: z.coerce.number().check(z.int(), z.minimum(1), z.maximum(50_000)),
  page_token: optionalText,
  filter: optionalText,
  order_by: z.nullish(
    z.union([
      z.pipe(
        text,
        z.transform((one) => [one]),
      ),
      z.array(text),
    ]),
  ),
  view_type: z.nullish(z.union([z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']), z.number()])),
});

/** experiments/*: what `set_experiment`, `search_experiments` and their kin call. */
export function experimentRoutes({ store, ingest }: MlflowDeps): MlflowRoute[] {
  const creations = createExperimentCreations(store);
  const searchExperiments = (input: Record<string, unknown>) => {
    const query = search.parse(input);
    const offset = readPageToken(query.page_token);
    const ids = store.searchExperimentIds({
      filter: query.filter,
      orderBy: query.order_by ?? undefined,
      lifecycle: lifecycleOf(query.view_type),
      limit: query.max_results + 1,
      offset,
    });
    const page = ids.slice(0, query.max_results);
    const experiments = page.flatMap((id) => store.getExperiment(id) ?? []).map(experimentMessage);
    return {
      ...(experiments.length > 0 ? { experiments } : {}),
      ...(ids.length > page.length ? { next_page_token: pageToken(offset + page.length) } : {}),
    };
  };

  return [
    {
      method: 'POST',
      path: 'experiments/create',
      async handle({ input, delivery }) {
        const { name, artifact_location } = z
          .object({ name: experimentName, artifact_location: optionalText })
          .parse(input);
        refuseLocation(artifact_location ?? '');
        const tags = readList(input.tags, 'tags', 100).map((tag, i) => readTag(tag, `tags[${i}]`));
        const experimentId = await ingest.write('full', () =>
          creations.create(name, Object.fromEntries(tags.map(({ key, value }) => [key, value])), delivery),
        );
        return { experiment_id: experimentId };
      },
    },
    {
      method: 'GET',
      path: 'experiments/get',
      handle: ({ input }) => ({
        experiment: experimentMessage(needed(store, oneExperiment.parse(input).experiment_id)),
      }),
    },
    {
      method: 'GET',
      path: 'experiments/get-by-name',
      handle({ input }) {
        const { experiment_name: name } = z.object({ experiment_name: text }).parse(input);
        const experiment = store.getExperimentByName(name);
        if (experiment === null) {
          creations.missed(name);
          throw new UserError('not-found', `Could not find experiment with name '${name}'`);
        }
        return { experiment: experimentMessage(experiment) };
      },
    },
    { method: 'POST', path: 'experiments/search', handle: ({ input }) => searchExperiments(input) },
    { method: 'GET', path: 'experiments/search', handle: ({ input }) => searchExperiments(input) },
    {
      method: 'POST',
      path: 'experiments/delete',
      async handle({ input }) {
        const { experiment_id: id } = oneExperiment.parse(input);
        await ingest.write('full', () => store.setExperimentDeleted(id, true));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'experiments/restore',
      async handle({ input }) {
        const { experiment_id: id } = oneExperiment.parse(input);
        await ingest.write('full', () => store.setExperimentDeleted(id, false));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'experiments/update',
      async handle({ input }) {
        const { experiment_id: id, new_name: name } = z
          .extend(oneExperiment, { new_name: z.nullish(experimentName) })
          .parse(input);
        await ingest.write('full', () => {
          if (needed(store, id).deleted) {
            throw new UserError('invalid', 'Cannot rename a non-active experiment.');
          }
          if (name !== null && name !== undefined) store.renameExperiment(id, name);
        });
        return {};
      },
    },
    {
      method: 'POST',
      path: 'experiments/set-experiment-tag',
      async handle({ input }) {
        const { experiment_id: id } = oneExperiment.parse(input);
        const { key, value } = readTag(input, '');
        await ingest.write('full', () => store.setExperimentTag(id, key, value));
        return {};
      },
    },
    {
      method: 'POST',
      path: 'experiments/delete-experiment-tag',
      async handle({ input }) {
        const { experiment_id: id, key } = z.extend(oneExperiment, { key: text }).parse(input);
        await ingest.write('full', () => store.deleteExperimentTag(id, key));
        return {};
      },
    },
  ];
}

/**
 * A client may name a location and gets the server's own: that of a server of MLflow's, which scripts copy, or a plain
 * name. What would lead elsewhere is refused, so that nobody believes that files go there.
 * @throws UserError 'invalid'.
 */
function refuseLocation(location: string): void {
  const below = location.replace(/^mlflow-artifacts:\/(?!\/)/, '');
  if (below === '' || (!/^\/|^[A-Za-z][\w+.-]*:|[\\?#]/.test(below) && !isTraversal(encodeURI(below))))
    return;
  throw new UserError(
    'invalid',
    `Invalid value for parameter 'artifact_location' supplied: this server keeps the files of runs in its own folder and cannot use '${location.slice(0, 100)}'. Leave artifact_location out.`,
  );
}

/** @throws UserError 'not-found'. */
export function needed(store: Pick<Store, 'getExperiment'>, experimentId: string): ExperimentRecord {
  const experiment = store.getExperiment(experimentId);
  if (experiment === null) throw new UserError('not-found', `No Experiment with id=${experimentId} exists`);
  return experiment;
}

/** MLflow's ViewType, by name or by number. */
export function lifecycleOf(view: string | number | null | undefined): 'active' | 'deleted' | 'all' {
  if (view === 'DELETED_ONLY' || view === 2) return 'deleted';
  return view === 'ALL' || view === 3 ? 'all' : 'active';
}
