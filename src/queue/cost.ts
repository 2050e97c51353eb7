import { TAGS } from '../model/run';
import type { LiveAttempt } from './ledger';
import type { QueueServices } from './queue';
import { readConfig } from './readConfig';

const HOUR_MS = 3_600_000;

/** Writes what a run that ends has cost, in money where winnow.yaml has a price, and in energy where it is known. */
export async function noteCost(
  services: QueueServices,
  attempt: LiveAttempt,
  endedAt: number,
): Promise<void> {
  const { evidence, location, log } = services;
  if (evidence === undefined || attempt.startedAt === null) return;
  try {
    const tags: Record<string, string> = {};
    const { cost } = await readConfig(location.folder);
    if (cost !== null) {
      const hours = Math.max(0, endedAt - attempt.startedAt) / HOUR_MS;
      tags[TAGS.cost] = rounded(hours * cost.perHour);
      tags[TAGS.currency] = cost.currency;
    }
    for (const how of ['measured', 'estimate'] as const) {
      const energyWh = evidence.lastValue(attempt.runId, `system/energy_${how}_watt_hours`);
      if (energyWh === null || tags[TAGS.energyWh] !== undefined) continue;
      tags[TAGS.energyWh] = rounded(energyWh);
      tags[TAGS.energyHow] = how;
    }
    if (Object.keys(tags).length > 0) await evidence.tagged(attempt.runId, tags);
  } catch (error) {
    log(error); // A winnow.yaml that cannot be read by now costs its price only.
  }
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}
