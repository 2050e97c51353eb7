import { UserError } from '../base/errors';
import { findEndpoint } from '../platform/endpoint';
import type { ForegroundOptions } from '../platform/foreground';
import { storeState } from '../platform/stateFolder';
import { locateStore } from '../platform/storeLocation';
import { startServer } from './server';

/**
 * Runs the tracking server in this process until SIGTERM or SIGINT, for whoever wants to own one: a test suite, a
 * container. It says one line when it is ready and never ends by itself. Resolves with the exit code.
 * @throws UserError 'server-running' when the folder has a live server, 'port-taken', and what `startServer` throws.
 */
export async function serveForeground(options: ForegroundOptions): Promise<number> {
  process.umask(0o077);
  const location = await locateStore(options.folder);
  const live = await findEndpoint(await storeState(location.folder));
  if (live !== null) {
    throw new UserError(
      'server-running',
      `${location.folder} has a tracking server already, process ${live.identity.pid} at ${live.trackingUri}. End that one first, or use it.`,
    );
  }
  const server = await startServer({
    folder: location.folder,
    programs: options.dist,
    idleMs: Infinity,
    listen: { port: options.port, token: options.token },
    open: options.open,
    log: options.log,
  });
  const { trackingUri, token } = server;
  const { folder } = location;
  const isOpen = 'It is open to every user of this machine: no token is asked for.';
  if (options.json) {
    const access = options.open ? { open: true, notice: isOpen } : { open: false, token };
    options.print(JSON.stringify({ trackingUri, pid: process.pid, folder, ...access }));
  } else {
    options.print(`Listens on ${trackingUri} for ${folder}.${options.open ? ` ${isOpen}` : ''}`);
  }
  const stop = (): void => void server.stop();
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  await server.ended;
  for (const signal of signals) process.off(signal, stop);
  return 0;
}
