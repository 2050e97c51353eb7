import type { MlflowRoute } from './route';

/** What a client asks of the server itself. */
export function serverRoutes(): MlflowRoute[] {
  return [
    {
      method: 'GET',
      path: 'server-info',
      major: 3,
      handle: () => ({ store_type: 'SqlStore', workspaces_enabled: false }),
    },
  ];
}
