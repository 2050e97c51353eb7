import { COMMANDS } from '../ids';
import { queuedRows } from '../queueRows';
import type { Services } from '../services';

/** Takes runs out of the queue: they end as stopped. */
export const removeFromQueue = {
  id: COMMANDS.removeFromQueue,
  async run(services: Services, ...args: readonly unknown[]) {
    const rows = await queuedRows(services, args);
    for (const link of new Set(rows.map((row) => row.link))) {
      const runIds = rows.filter((row) => row.link === link).map(({ runId }) => runId);
      await (await link.client()).call('removeQueued', { runIds });
    }
    await services.queue.model.refresh();
  },
};
