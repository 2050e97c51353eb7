import { artifactRoutes } from './artifacts';
import { assessmentRoutes } from './assessments';
import { experimentRoutes } from './experiments';
import { historyRoutes } from './history';
import { historyBulkRoutes } from './historyBulk';
import { inputRoutes } from './inputs';
import { loggingRoutes } from './logging';
import { loggedModelRoutes } from './loggedModels';
import { modelVersionRoutes } from './modelVersions';
import { registeredModelRoutes } from './registeredModels';
import type { MlflowDeps, MlflowRoute } from './route';
import { runRoutes } from './runs';
import { serverRoutes } from './server';
import { traceRoutes } from './traces';
import { traceRoutesV2 } from './tracesV2';
import { loggedModelsOf } from './versionsOfModels';

/** Every endpoint of MLflow's protocol that is answered; the others are 404 ENDPOINT_NOT_FOUND. */
export function mlflowRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [
    ...experimentRoutes(deps),
    ...runRoutes(deps),
    ...loggingRoutes(deps),
    ...inputRoutes(deps),
    ...historyRoutes(deps),
    ...historyBulkRoutes(deps),
    ...artifactRoutes(deps),
    ...loggedModelRoutes(deps),
    ...registeredModelRoutes(deps),
    ...modelVersionRoutes(deps, loggedModelsOf(deps.store)),
    ...traceRoutes(deps),
    ...traceRoutesV2(deps),
    ...assessmentRoutes(deps),
    ...serverRoutes(),
  ];
}
