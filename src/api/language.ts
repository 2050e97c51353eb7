import * as z from 'zod/mini';
import { experimentId, runId } from './wire';

/**
 * What the window and the language server say to each other beyond the language server protocol. Both sides
 * read what arrives through these schemas.
 */

/**
 * Window → language server: where a folder's tracking server listens. Sent when it is found, when it changes,
 * and with null when it is gone. The language server never starts one; without a connection there are no
 * hovers. Not sent at all in an untrusted window.
 */
export const CONNECTION_NOTIFICATION = 'winnow/connection';
export const connectionParams = z.object({
  /** The workspace folder, an absolute path; it answers for the files in it. */
  folder: z.string().check(z.minLength(1)),
  connection: z.nullable(z.object({ trackingUri: z.string().check(z.minLength(1)), token: z.string() })),
});
export type ConnectionParams = z.output<typeof connectionParams>;

/** Window → language server: the kind of the colour theme, at the start and when it changes. */
export const THEME_NOTIFICATION = 'winnow/theme';
export const themeKind = z.enum(['dark', 'light', 'high-contrast', 'high-contrast-light']);
export const themeParams = z.object({ theme: themeKind });
export type ThemeKind = z.output<typeof themeKind>;
export type ThemeParams = z.output<typeof themeParams>;

/**
 * The commands that a hover's links may run. The window trusts these and no other
 * (`isTrusted: { enabledCommands }`), and the commands check their arguments with the schemas below.
 */
export const HOVER_COMMANDS = ['winnow.openRun', 'winnow.showCharts'] as const;

/** The one argument of `winnow.openRun`. */
export const openRunArgument = z.object({ folder: z.string().check(z.minLength(1)), runId });
export type OpenRunArgument = z.output<typeof openRunArgument>;

/** As openRunArgument, for commands that take several runs of a folder. */
export const openRunsArgument = z.object({
  folder: z.string().check(z.minLength(1)),
  runIds: z.array(runId).check(z.minLength(1), z.maxLength(100_000)),
});

/** The one argument of `winnow.openExperiment`. */
export const openExperimentArgument = z.object({
  folder: z.string().check(z.minLength(1)),
  /** The experiment by its id, or by its name. */
  experimentId: z.optional(experimentId),
  experiment: z.optional(z.string()),
});

/** The one argument of `winnow.showCharts`: the runs to draw, and the metric to bring into view. */
export const showChartsArgument = z.object({
  folder: z.string().check(z.minLength(1)),
  runIds: z.array(runId).check(z.minLength(1), z.maxLength(100)),
  metric: z.string().check(z.minLength(1)),
});
export type ShowChartsArgument = z.output<typeof showChartsArgument>;
