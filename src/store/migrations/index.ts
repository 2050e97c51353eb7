import { sql as start } from './0001_start';
import { sql as loggedModels } from './0003_logged_models';

/** Every migration in order: the first makes version 1 of the schema, and so on. Never change a released one. */
export const MIGRATIONS: readonly string[] = [start, loggedModels];
