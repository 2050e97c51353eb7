import * as z from 'zod/mini';
import { once } from '../base/once';

/**
 * The feed, GET /api/winnow/feed?since=N, is a stream of server-sent events. It carries a sequence number and
 * names, never values: whoever shows something asks for it. `since` gives everything that changed after that
 * number, merged; without it the feed starts now. A comment line comes every 15 s as a heartbeat.
 */
export const feedEvent = once(() =>
  z.object({
    seq: z.number(),
    /** Runs whose state, name, tags, params or lifecycle changed, new ones included. */
    runs: z.array(z.object({ runId: z.string(), experimentId: z.string() })),
    /** Metrics with new points. */
    metrics: z.array(z.object({ runId: z.string(), experimentId: z.string(), names: z.array(z.string()) })),
    /** Experiments that are new or changed themselves. */
    experiments: z.array(z.string()),
    promotions: z.boolean(),
    /** The runs that wait, their order or the pause. */
    queue: z._default(z.boolean(), false), // A server of before has none to tell of.
    /** Everything must be asked anew: the difference is not known any more. */
    reset: z.boolean(),
  }),
);

export type FeedEvent = z.output<ReturnType<typeof feedEvent>>;
