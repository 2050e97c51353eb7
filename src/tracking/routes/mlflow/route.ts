import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import type { Artifacts } from '../../artifacts';
import type { Principal } from '../../gate';
import type { Delivery } from './deliveries';

/** What the routes of MLflow's protocol work with. */
export interface MlflowDeps {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly artifacts: Artifacts;
}

/**
 * A request of MLflow's protocol. The input is the JSON body, or the query of a GET as an object of texts, where a
 * name that comes more than once has a list of them.
 */
export interface Call {
  readonly input: Record<string, unknown>;
  /** What stands in the path for its `:names`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly principal: Principal;
  readonly delivery: Delivery;
}

/** One endpoint of `/api/<major>.0/mlflow/`. The answer is sent as JSON. */
export interface MlflowRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/api/2.0/mlflow/` (or 3.0 where `major` says so), such as 'runs/create' or 'traces/:trace_id/tags'. */
  readonly path: string;
  readonly major?: 2 | 3;
  /** Whether it is answered below `/ajax-api/` too, where MLflow's own pages ask. */
  readonly ajax?: boolean;
  handle(call: Call): object | Promise<object>;
}
