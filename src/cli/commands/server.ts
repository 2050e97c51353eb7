import type { Command } from '../command';
import { holdServer } from '../hold';

/** Finds or starts the folder's tracking server and returns. */
export const server: Command = {
  name: 'server',
  synopsis: 'server [--folder DIR] [--json]',
  summary: "Finds or starts the folder's tracking server, keeps it for 12 hours, and returns.",
  options: {},
  words: { least: 0, most: 0 },

  async run(call) {
    const handle = await call.server();
    await holdServer(handle);
    const { connection, info, location } = handle;
    if (call.json) {
      const { trackingUri, token } = connection;
      call.printJson({ trackingUri, token, pid: info.pid, store: info.store });
    } else {
      call.print(`The tracking server of ${location.folder} answers at ${connection.trackingUri}.`);
      call.note('eval "$(winnow env)" lets MLflow clients in this shell log to it.');
    }
    return 0;
  },
};
