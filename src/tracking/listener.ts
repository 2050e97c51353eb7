import type { RequestListener } from 'node:http';
import type { AppDeps } from './app';
import { type GateOptions, createGate } from './gate';
import { createQuickListener } from './quick';
import { mlflowRoutes } from './routes/mlflow';

export type ListenerDeps = Omit<AppDeps, 'judge' | 'token' | 'routes'> & { readonly gate: GateOptions };

/**
 * What answers a server of Node's: the short way for what a training calls all the time, and Hono for all else.
 * Hono and the web's Request and Response, which it stands on, are loaded with the first request that needs them.
 */
export function createListener({ gate, ...deps }: ListenerDeps): RequestListener {
  const routes = mlflowRoutes(deps);
  const judge = createGate(gate);
  let loaded: Promise<RequestListener> | undefined;

  async function load(): Promise<RequestListener> {
    const [{ getRequestListener }, { createApp }] = await Promise.all([
      import('@hono/node-server'),
      import('./app'),
    ]);
    const app = createApp({ ...deps, judge, routes, token: gate.token });
    const listen = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    return (incoming, outgoing) => void listen(incoming, outgoing);
  }

  return createQuickListener({
    routes,
    judge,
    onRequest: deps.onRequest,
    logBug: deps.logBug,
    rest(incoming, outgoing) {
      loaded ??= load();
      loaded.then((listener) => listener(incoming, outgoing)).catch(deps.logBug);
    },
  });
}
