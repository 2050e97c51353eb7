import * as z from 'zod/mini';
import { once } from '../base/once';

/** What the run page asks of the server, as it travels. Each schema's output is a readonly type of the same name. */

/** The most of an artifact that is read at once for a preview. */
export const MOST_PREVIEW_BYTES = 8_000_000;

/** As MLflow's store: a tag's value has 8,000 characters at most. */
export const MOST_NOTE_CHARACTERS = 8_000;

export const artifactEntry = once(() =>
  z.object({
    /** Within its folder. */
    name: z.string(),
    isFolder: z.boolean(),
    /** 0 for a folder. */
    sizeBytes: z.number(),
  }),
);
export type ArtifactEntry = z.output<ReturnType<typeof artifactEntry>>;

export const codeChange = once(() =>
  z.object({
    /** Relative to the top of the code, with '/'. */
    path: z.string(),
    change: z.enum(['added', 'modified', 'deleted']),
    /** Lines; null for what is no text, or when they were not counted. */
    addedLines: z.nullable(z.number()),
    deletedLines: z.nullable(z.number()),
  }),
);
export type CodeChange = z.output<ReturnType<typeof codeChange>>;

export const usedDataset = once(() =>
  z.object({
    name: z.string(),
    digest: z.string(),
    /** What it was used for, such as 'training'; null when nobody said. */
    context: z.nullable(z.string()),
    sourceType: z.nullable(z.string()),
    /** Where it came from, as the client said it: a path, an address, or JSON. */
    source: z.nullable(z.string()),
    rowCount: z.nullable(z.number()),
    /** Why the content that was read is not there any more; null usually. */
    problem: z.nullable(z.string()),
  }),
);
export type UsedDataset = z.output<ReturnType<typeof usedDataset>>;

export const runModel = once(() =>
  z.object({
    modelId: z.string(),
    name: z.string(),
    /** Whether the run made it or used it. */
    direction: z.enum(['output', 'input']),
    status: z.string(),
  }),
);

export const runModelVersion = once(() =>
  z.object({ name: z.string(), version: z.number(), aliases: z.array(z.string()) }),
);

export const runInputs = once(() =>
  z.object({
    datasets: z.array(usedDataset()),
    models: z.array(runModel()),
    /** Versions of registered models that name the run. */
    versions: z.array(runModelVersion()),
  }),
);
export type RunInputs = z.output<ReturnType<typeof runInputs>>;
