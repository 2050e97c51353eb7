import type { MlflowRoute } from './route';

/** There are no logged models yet; the client looks for them whenever it lists a folder of artifacts. */
export function loggedModelRoutes(): MlflowRoute[] {
  return [{ method: 'POST', path: 'logged-models/search', handle: () => ({}) }];
}
