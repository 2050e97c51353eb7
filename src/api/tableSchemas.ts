import * as z from 'zod/mini';
import { once } from '../base/once';
import { HEAT_LOOKS } from '../model/chartSpec';
import { RUN_STATES } from '../model/run';
import { COLUMN_LOOKS } from '../model/savedView';
import { ATTRIBUTES, METRIC_FACETS } from '../model/table';
import { goal } from './schemas';
import { anyNumber, experimentId, runId } from './wire';

/**
 * The runs table, its columns and its saved views as they travel. Each schema's output is the model's type of the
 * same name. Views come from pages and from winnow.yaml, so everything in them has a limit.
 */

/** The most rows of the table that are read at once. */
export const MOST_ROWS = 500;
/** The most columns of the table that are read at once. */
export const MOST_COLUMNS = 1_000;
/** The most runs whose ids or columns are read at once. */
export const MOST_LISTED = 100_000;

const MOST_SORT_KEYS = 10;
const MOST_FOLDED = 10_000;
const MOST_CHARTS = 200;
const LONGEST_NAME = 1_000; // Of params and metrics: MLflow's have 250 characters; printed ones may have more.
const LONGEST_TEXT = 10_000;

const name = z.string().check(z.maxLength(LONGEST_NAME));
const text = z.string().check(z.maxLength(LONGEST_TEXT));

const metricColumn = once(() => z.object({ kind: z.literal('metric'), name, of: z.enum(METRIC_FACETS) }));
const paramColumn = once(() => z.object({ kind: z.literal('param'), name }));
const tagColumn = once(() => z.object({ kind: z.literal('tag'), name }));
const attributeColumn = once(() => z.object({ kind: z.literal('attribute'), name: z.enum(ATTRIBUTES) }));

export const column = once(() =>
  z.discriminatedUnion('kind', [metricColumn(), paramColumn(), tagColumn(), attributeColumn()]),
);
const sortColumn = once(() =>
  z.discriminatedUnion('kind', [
    metricColumn(),
    paramColumn(),
    tagColumn(),
    attributeColumn(),
    z.object({ kind: z.literal('name') }),
  ]),
);
const groupColumn = once(() => z.discriminatedUnion('kind', [paramColumn(), tagColumn(), attributeColumn()]));
const sort = once(() =>
  z.array(z.object({ column: sortColumn(), descending: z.boolean() })).check(z.maxLength(MOST_SORT_KEYS)),
);
const folded = once(() => z.array(text).check(z.maxLength(MOST_FOLDED)));

export const columns = once(() => z.array(column()).check(z.maxLength(MOST_COLUMNS)));

export const tableQuery = once(() =>
  z.object({
    experimentIds: z.array(experimentId).check(z.maxLength(1_000)),
    filter: z.string(),
    sort: sort(),
    groupBy: z.nullable(groupColumn()),
    folded: folded(),
    includeArchived: z.boolean(),
  }),
);

const cell = z.union([z.number(), z.string(), z.null()]);

const groupCell = once(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('numbers'),
      mean: z.number(),
      deviation: z.nullable(z.number()),
      min: z.number(),
      max: z.number(),
      count: z.number(),
    }),
    z.object({ kind: z.literal('same'), text: z.string() }),
    z.object({ kind: z.literal('none') }),
  ]),
);

const tableRow = once(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('run'),
      runId,
      experimentId,
      name: z.string(),
      state: z.enum(RUN_STATES),
      reason: z.nullable(z.string()),
      startedAt: z.nullable(z.number()),
      endedAt: z.nullable(z.number()),
      exitCode: z.nullable(z.number()),
      hasRunner: z.boolean(),
      childCount: z.number(),
      starred: z.boolean(),
      archived: z.boolean(),
      hasNote: z.boolean(),
      cells: z.array(cell),
    }),
    z.object({
      kind: z.literal('group'),
      value: z.string(),
      runCount: z.number(),
      isFolded: z.boolean(),
      seedCount: z.number(),
      cells: z.array(groupCell()),
    }),
  ]),
);

export const tableWindow = once(() =>
  z.object({
    from: z.number(),
    rows: z.array(tableRow()),
    rowCount: z.number(),
    runCount: z.number(),
    allCount: z.number(),
    seq: z.number(),
  }),
);

export const columnInfo = once(() =>
  z.object({
    column: column(),
    runCount: z.number(),
    differs: z.boolean(),
    isNumeric: z.boolean(),
    min: z.nullable(z.number()),
    max: z.nullable(z.number()),
  }),
);

export const runColumns = once(() =>
  z.object({
    runIds: z.array(runId),
    names: z.array(z.string()),
    states: z.array(z.enum(RUN_STATES)),
    cells: z.array(z.array(cell)),
    runCount: z.number(),
  }),
);

const factRun = once(() => z.object({ runId, name: z.string(), value: z.nullable(anyNumber) }));

export const experimentFacts = once(() =>
  z.object({
    experimentId,
    name: z.string(),
    goal: z.nullable(goal()),
    runCount: z.number(),
    runningCount: z.number(),
    scripts: z.array(z.string()),
    best: z.nullable(factRun()),
    champion: z.nullable(factRun()),
    difference: z.nullable(
      z.object({
        difference: z.number(),
        interval: z.nullable(z.object({ low: z.number(), high: z.number() })),
        verdict: z.enum(['better', 'worse', 'within', 'unknown']),
        seedCount: z.number(),
        championSeedCount: z.number(),
        chosenFrom: z.number(),
      }),
    ),
    worthSeeing: z.array(runId),
  }),
);

const axis = once(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['step', 'epoch', 'relative', 'time']) }),
    z.object({ kind: z.literal('metric'), name }),
  ]),
);

const smoothing = z.number().check(z.minimum(0), z.maximum(0.99));

export const boardSettings = once(() =>
  z.object({
    x: axis(),
    smoothing,
    joinSeeds: z.boolean(),
    ignoreOutliers: z.boolean(),
    columns: z.optional(z.literal([1, 2, 3])),
  }),
);

export const chartSpec = once(() => {
  const frame = {
    id: z.string().check(z.minLength(1), z.maxLength(100)),
    title: z.nullable(text),
    span: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    height: z.nullable(z.number().check(z.minimum(20), z.maximum(10_000))),
    pinned: z.boolean(),
    runs: z.nullable(z.array(runId).check(z.maxLength(1_000))),
  };
  const path = z.string().check(z.maxLength(LONGEST_NAME));
  return z.discriminatedUnion('kind', [
    z.object({
      ...frame,
      kind: z.literal('lines'),
      metric: name,
      x: z.nullable(axis()),
      smoothing: z.nullable(smoothing),
      logarithmicX: z.boolean(),
      logarithmicY: z.boolean(),
      ignoreOutliers: z.nullable(z.boolean()),
      joinSeeds: z.nullable(z.boolean()),
    }),
    z.object({ ...frame, kind: z.literal('bars'), column: column() }),
    z.object({
      ...frame,
      kind: z.literal('scatter'),
      x: column(),
      y: column(),
      size: z.nullable(column()),
      logarithmicX: z.boolean(),
      logarithmicY: z.boolean(),
    }),
    z.object({
      ...frame,
      kind: z.literal('parallel'),
      columns: z.array(column()).check(z.maxLength(100)),
    }),
    z.object({
      ...frame,
      kind: z.literal('heat'),
      x: column(),
      y: column(),
      value: column(),
      look: z.optional(z.enum(HEAT_LOOKS)),
    }),
    z.object({ ...frame, kind: z.literal('boxes'), by: column(), value: column(), violin: z.boolean() }),
    z.object({ ...frame, kind: z.literal('importance'), value: column() }),
    z.object({
      ...frame,
      kind: z.literal('pareto'),
      x: column(),
      y: column(),
      maximizeX: z.boolean(),
      maximizeY: z.boolean(),
    }),
    z.object({ ...frame, kind: z.literal('confusion'), path }),
    z.object({ ...frame, kind: z.literal('curve'), path, of: z.enum(['roc', 'pr']) }),
    z.object({ ...frame, kind: z.literal('images'), path }),
    z.object({ ...frame, kind: z.literal('histograms'), path }),
  ]);
});

export const viewDefinition = once(() =>
  z.object({
    columns: z.nullable(
      z
        .array(
          z.object({
            column: column(),
            width: z.nullable(z.number().check(z.minimum(0), z.maximum(10_000))),
            pinned: z.boolean(),
            look: z.optional(z.enum(COLUMN_LOOKS)),
          }),
        )
        .check(z.maxLength(MOST_COLUMNS)),
    ),
    onlyDiffering: z.boolean(),
    filter: text,
    sort: sort(),
    groupBy: z.nullable(groupColumn()),
    folded: folded(),
    includeArchived: z.boolean(),
    charts: z.nullable(z.array(chartSpec()).check(z.maxLength(MOST_CHARTS))),
    board: boardSettings(),
  }),
);

export const viewName = z.string().check(z.trim(), z.minLength(1), z.maxLength(200));

export const savedView = once(() => z.object({ name: viewName, definition: viewDefinition() }));
export const savedViews = once(() => z.object({ views: z.array(savedView()) }));
