import * as z from 'zod/mini';
import { once } from '../base/once';
import { chartFilesRequests } from './chartFiles';
import { type ExperimentHost, TABLE_ACTIONS } from './experimentPage';
import {
  MOST_LISTED,
  MOST_ROWS,
  column,
  columns,
  savedView,
  tableQuery,
  viewDefinition,
  viewName,
} from './tableSchemas';
import { experimentId, runId } from './wire';

const nothing = z.strictObject({});
const text = z.string().check(z.maxLength(10_000));
const path = z.string().check(z.minLength(1), z.maxLength(4096));
const runIds = z.array(runId).check(z.minLength(1), z.maxLength(MOST_LISTED));

/** How a page looked, as the window keeps it. */
export const rememberedPage = once(() =>
  z.object({
    definition: viewDefinition(),
    view: z.nullable(z.string().check(z.maxLength(200))),
    split: z.nullable(z.number().check(z.minimum(0.2), z.maximum(0.8))),
  }),
);

/** The schema of each request of an experiment's page. Anything else is refused. */
export const experimentHostRequests = once(
  () =>
    ({
      ready: nothing,
      readTable: z.strictObject({
        query: tableQuery(),
        columns: columns(),
        from: z.int().check(z.minimum(0)),
        count: z.int().check(z.minimum(0), z.maximum(MOST_ROWS)),
      }),
      listColumns: z.strictObject({ filter: text, includeArchived: z.boolean() }),
      listValues: z.strictObject({
        column: column(),
        containing: text,
        limit: z.int().check(z.minimum(1), z.maximum(1_000)),
      }),
      findRow: z.strictObject({ query: tableQuery(), runId }),
      listRunIds: z.strictObject({
        query: tableQuery(),
        limit: z.int().check(z.minimum(1), z.maximum(MOST_LISTED)),
      }),
      readColumns: z.strictObject({
        query: tableQuery(),
        runIds: z.nullable(z.array(runId).check(z.maxLength(MOST_LISTED))),
        columns: columns(),
        limit: z.int().check(z.minimum(1), z.maximum(MOST_LISTED)),
      }),
      readSeries: z.strictObject({
        series: z
          .array(z.strictObject({ runId, metric: z.string().check(z.minLength(1), z.maxLength(1000)) }))
          .check(z.maxLength(2_000)),
        pixels: z.int().check(z.minimum(1), z.maximum(10_000)),
        fromStep: z.optional(z.number()),
        toStep: z.optional(z.number()),
      }),
      listArtifacts: z.strictObject({
        runId,
        folder: z.string().check(z.maxLength(4096)),
        limit: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
      }),
      readArtifact: z.strictObject({ runId, path }),
      setOn: z.strictObject({ runIds, on: z.boolean() }),
      setStar: z.strictObject({ runIds, starred: z.boolean() }),
      setArchived: z.strictObject({ runIds, archived: z.boolean() }),
      editTags: z.strictObject({ runIds }),
      openRun: z.strictObject({ runId, beside: z.boolean() }),
      act: z.strictObject({ action: z.enum(TABLE_ACTIONS), runIds }),
      run: nothing,
      setGoal: nothing,
      saveView: savedView(),
      renameView: z.strictObject({ name: z.string(), to: viewName }),
      deleteView: z.strictObject({ name: z.string() }),
      askName: z.strictObject({ title: text, value: text }),
      shareViews: nothing,
      exportRuns: z.strictObject({
        format: z.enum(['csv', 'json', 'markdown']),
        query: tableQuery(),
        runIds: z.nullable(runIds),
        columns: columns(),
        to: z.enum(['file', 'clipboard']),
      }),
      copy: z.strictObject({ text: z.string().check(z.maxLength(10_000_000)) }),
      ...chartFilesRequests,
      remember: rememberedPage(),
    }) as const satisfies Record<keyof ExperimentHost, z.ZodMiniType>,
);

/** What a page that VS Code restores says of itself. */
export const storedExperimentPage = z.object({ folder: z.string(), experimentId });
