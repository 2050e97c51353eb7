import type { ExperimentId } from '../../../model/run';
import type { Store } from '../../../store/store';
import { type Delivery, RETRY_WINDOW_MS, createDeliveries } from './deliveries';

export interface ExperimentCreations {
  /** Somebody asked for an experiment of this name and was told that there is none. */
  missed(name: string): void;
  /**
   * Makes an experiment, or answers with the one there is where a refusal would tell its asker something wrong.
   * @throws UserError 'already-exists' when the name is taken otherwise, also by a deleted experiment.
   */
  create(name: string, tags: Readonly<Record<string, string>>, delivery: Delivery): ExperimentId;
}

const MEANWHILE_MS = 10_000; // From "there is none" to "make it" is a round trip, on a busy machine a slow one.
const REMEMBERED = 1_000;

/**
 * MLflow's `set_experiment` asks for the name, hears that there is none and makes it. When that is refused because
 * the name was taken in between, the client says nothing and logs to "Default" from then on. So whoever was told
 * "none" and finds one made meanwhile, by another process or by its own request whose answer was lost, gets that.
 */
export function createExperimentCreations(store: Store): ExperimentCreations {
  const deliveries = createDeliveries();
  const misses = new Map<string, { count: number; readonly at: number }>();

  function takeMiss(name: string): boolean {
    const miss = misses.get(name);
    if (miss === undefined || Date.now() - miss.at > MEANWHILE_MS) return false;
    miss.count--;
    if (miss.count === 0) misses.delete(name);
    return true;
  }

  return {
    missed(name) {
      const [oldest] = misses.keys();
      if (misses.size > REMEMBERED && oldest !== undefined) misses.delete(oldest);
      const count = misses.get(name)?.count ?? 0;
      misses.delete(name); // To the end of the line.
      misses.set(name, { count: count + 1, at: Date.now() });
    },
    create(name, tags, delivery) {
      const wasMissed = takeMiss(name);
      const taken = store.getExperimentByName(name);
      const isRecent = taken !== null && Date.now() - taken.createdAt < RETRY_WINDOW_MS;
      const isMeant =
        taken !== null &&
        !taken.deleted &&
        (wasMissed || deliveries.isLost(name, { createdAt: taken.createdAt, isUntouched: isRecent }));
      const experimentId = isMeant ? taken.experimentId : store.createExperiment(name, tags);
      deliveries.watch(name, delivery);
      return experimentId;
    },
  };
}
