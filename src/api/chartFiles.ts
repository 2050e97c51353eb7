import * as z from 'zod/mini';
import type { RunId } from '../model/run';
import { MOST_NOTE_CHARACTERS, MOST_PREVIEW_BYTES } from './runPageSchemas';
import { runId } from './wire';

/** What every page with charts asks of the window to give one of them out. */
export interface ChartFilesHost {
  /** Something that the page made: a chart as a picture or as CSV. The person chooses where. */
  saveFile(request: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
  /** Appends to the note of a run; a picture is kept among its artifacts. */
  addToNote(request: {
    readonly runId: RunId;
    readonly markdown: string;
    readonly picture: { readonly name: string; readonly bytes: Uint8Array } | null;
  }): Promise<void>;
}

const MOST_BYTES = 64 * 1024 * 1024;
const fileName = z.string().check(z.minLength(1), z.maxLength(1_000));
const atMost = (most: number) =>
  z.instanceof(Uint8Array).check(z.refine((value) => value.byteLength <= most));

/** The schema of each request of `ChartFilesHost`. */
export const chartFilesRequests = {
  saveFile: z.strictObject({ name: fileName, bytes: atMost(MOST_BYTES) }),
  addToNote: z.strictObject({
    runId,
    markdown: z.string().check(z.maxLength(MOST_NOTE_CHARACTERS)),
    picture: z.nullable(z.strictObject({ name: fileName, bytes: atMost(MOST_PREVIEW_BYTES) })),
  }),
} as const satisfies Record<keyof ChartFilesHost, z.ZodMiniType>;
