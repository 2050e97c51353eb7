import type { Ingest } from '../../../ingest/ingest';
import type { Store } from '../../../store/store';
import type { Artifacts } from '../../artifacts';
import type { Principal } from '../../gate';
import type { Delivery } from './creations';

/** What the routes of MLflow's protocol work with. */
export interface MlflowDeps {
  readonly store: Store;
  readonly ingest: Ingest;
  readonly artifacts: Artifacts;
}

/** A request of MLflow's protocol: the JSON body of a POST, or the query of a GET as an object of texts. */
export interface Call {
  readonly input: Record<string, unknown>;
  readonly principal: Principal;
  readonly delivery: Delivery;
}

/** One endpoint of `/api/<major>.0/mlflow/`. The answer is sent as JSON. */
export interface MlflowRoute {
  readonly method: 'GET' | 'POST';
  /** Below `/api/2.0/mlflow/` (or 3.0 where `major` says so), such as 'runs/create'. */
  readonly path: string;
  readonly major?: 2 | 3;
  handle(call: Call): object | Promise<object>;
}
