import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { linkLiveServer, socketFor } from '../platform/liveServer';
import type { StoreState } from '../platform/stateFolder';

/**
 * Has a server listen on a Unix domain socket in the private state folder, too: a command that finds it there needs
 * no proof that it is this user's. False where that cannot be; the port serves everybody.
 */
export async function listenOnSocket(
  server: Server,
  folder: string,
  state: StoreState,
  log: (problem: unknown) => void,
): Promise<boolean> {
  const socket = socketFor(state);
  if (socket === null) return false;
  try {
    rmSync(socket, { force: true }); // Of a server that was killed: this one has the store now.
    server.listen(socket);
    await once(server, 'listening');
    linkLiveServer(folder, state);
    return true;
  } catch (error) {
    log(error); // A file system without sockets or links.
    return false;
  }
}
