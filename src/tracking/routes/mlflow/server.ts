import type { MlflowRoute } from './route';

/** Answers that are plain text, by their path. */
export const PLAIN_ANSWERS: Readonly<Record<string, string>> = {
  '/health': 'OK',
  // The client sends traces to servers of 3.4 and later in a format (OTLP) that this one does not read.
  '/version': '3.3.0',
};

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
