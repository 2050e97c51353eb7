import * as z from 'zod/mini';
import { type ExperimentHost, TABLE_ACTIONS } from './experimentPage';
import { MOST_NOTE_CHARACTERS } from './runPageSchemas';
import {
  MOST_COLUMNS,
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
const someRuns = z.array(runId).check(z.minLength(1), z.maxLength(MOST_LISTED));
const metric = z.string().check(z.minLength(1), z.maxLength(1_000));
const artifactPath = z.string().check(z.maxLength(4_000));
const MOST_FILE_BYTES = 64 * 1024 * 1024;
const bytes = z
  .instanceof(Uint8Array)
  .check(z.refine((value) => value.byteLength <= MOST_FILE_BYTES, 'The file is larger than 64 MB.'));
const fileName = z
  .string()
  .check(z.minLength(1), z.maxLength(200), z.regex(/^[^/\\\0]+$/, 'A name has no slashes.'));

/** The schema of each request of an experiment's page. Anything else is refused. */
export const experimentHostRequests = {
  ready: nothing,
  readTable: z.strictObject({
    query: tableQuery(),
    columns: columns(),
    from: z.int().check(z.minimum(0)),
    count: z.int().check(z.minimum(0), z.maximum(MOST_ROWS)),
  }),
  listColumns: z.strictObject({ filter: z.string(), includeArchived: z.boolean() }),
  listValues: z.strictObject({
    column: column(),
    containing: z.string().check(z.maxLength(1_000)),
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
    series: z.array(z.strictObject({ runId, metric })).check(z.maxLength(20_000)),
    pixels: z.int().check(z.minimum(1), z.maximum(10_000)),
    fromStep: z.optional(z.number()),
    toStep: z.optional(z.number()),
  }),
  listArtifacts: z.strictObject({ runId, folder: artifactPath }),
  readArtifact: z.strictObject({ runId, path: artifactPath }),
  setOn: z.strictObject({ runIds: someRuns, on: z.boolean() }),
  setStar: z.strictObject({ runIds: someRuns, starred: z.boolean() }),
  setArchived: z.strictObject({ runIds: someRuns, archived: z.boolean() }),
  editTags: z.strictObject({ runIds: someRuns }),
  openRun: z.strictObject({ runId, beside: z.boolean() }),
  act: z.strictObject({ action: z.enum(TABLE_ACTIONS), runIds: someRuns }),
  run: nothing,
  saveView: savedView(),
  renameView: z.strictObject({ name: viewName, to: viewName }),
  deleteView: z.strictObject({ name: viewName }),
  askName: z.strictObject({
    title: z.string().check(z.maxLength(200)),
    value: z.string().check(z.maxLength(1_000)),
  }),
  shareViews: nothing,
  exportRuns: z.strictObject({
    format: z.enum(['csv', 'json', 'markdown']),
    query: tableQuery(),
    runIds: z.nullable(z.array(runId).check(z.maxLength(MOST_LISTED))),
    columns: z.array(column()).check(z.maxLength(MOST_COLUMNS)),
    to: z.enum(['file', 'clipboard']),
  }),
  saveFile: z.strictObject({ name: fileName, bytes }),
  copy: z.strictObject({ text: z.string() }),
  addToNote: z.strictObject({
    runId,
    markdown: z.string().check(z.maxLength(MOST_NOTE_CHARACTERS)),
    picture: z.nullable(z.strictObject({ name: fileName, bytes })),
  }),
  remember: z.strictObject({ definition: viewDefinition(), view: z.nullable(viewName) }),
} as const satisfies Record<keyof ExperimentHost, z.ZodMiniType>;

/** The one argument of `winnow.openExperiment`: an experiment of a folder by its id or its name. */
export const openExperimentArgument = z.object({
  folder: z.string().check(z.minLength(1)),
  experimentId: z.optional(experimentId),
  experiment: z.optional(z.string()),
});

/** What the window keeps of an experiment's page for the next time. */
export const keptExperimentPage = z.object({ definition: viewDefinition(), view: z.nullable(viewName) });

/** What VS Code keeps of an open page over a reload of the window. */
export const storedExperimentPage = z.object({ folder: z.string(), experimentId });
