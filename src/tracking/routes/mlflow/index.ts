import { artifactRoutes } from './artifacts';
import { experimentRoutes } from './experiments';
import { historyRoutes } from './history';
import { inputRoutes } from './inputs';
import { loggingRoutes } from './logging';
import { loggedModelRoutes } from './loggedModels';
import type { MlflowDeps, MlflowRoute } from './route';
import { runRoutes } from './runs';
import { serverRoutes } from './server';

/** Every endpoint of MLflow's protocol that is answered; the others are 404 ENDPOINT_NOT_FOUND. */
export function mlflowRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [
    ...experimentRoutes(deps),
    ...runRoutes(deps),
    ...loggingRoutes(deps),
    ...inputRoutes(deps),
    ...historyRoutes(deps),
    ...artifactRoutes(deps),
    ...loggedModelRoutes(deps),
    ...serverRoutes(),
  ];
}
