import { readConfig } from './readConfig';

/** Long enough for a checkpoint of a small model. */
export const GRACE_MS = 5_000;

/**
 * How long the scripts of a folder have for a checkpoint when they are asked to stop, in milliseconds: as
 * winnow.yaml says in `run.graceSeconds`. A file that cannot be read was said so when the run was asked for.
 */
export async function graceMsOf(folder: string): Promise<number> {
  const forced = process.env['WINNOW_GRACE_MS'];
  if (forced !== undefined) return Number(forced);
  try {
    const { graceSeconds } = (await readConfig(folder)).run;
    return graceSeconds === null ? GRACE_MS : Math.round(graceSeconds * 1000);
  } catch {
    return GRACE_MS;
  }
}
