import { sql as start } from './0001_start';
import { sql as search } from './0002_search';
import { sql as loggedModels } from './0003_logged_models';
import { sql as registry } from './0004_registry';
import { sql as traces } from './0005_traces';
import { sql as purge } from './0006_purge';
import { sql as evidence } from './0007_evidence';
import { sql as printed } from './0008_printed';
import { sql as queue } from './0009_queue';
import { sql as runAttempts } from './0010_attempts';
import { sql as views } from './0011_views';
import { sql as pointBlocks } from './0012_point_blocks';

/** Every migration in order: the first makes version 1 of the schema, and so on. Never change a released one. */
export const MIGRATIONS: readonly string[] = [
  start,
  search,
  loggedModels,
  registry,
  traces,
  purge,
  evidence,
  printed,
  queue,
  runAttempts,
  views,
  pointBlocks,
];
