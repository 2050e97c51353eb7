import type { ConfigurationFact, ConfiguredRun } from './experimentFacts';
import { type Direction, isBetter } from './goal';
import { differenceOfMeans, verdictOf } from './interval';

const ENOUGH_SEEDS = 3; // Fewer make an interval so wide that it says little.

/**
 * The best of the other configurations beside the champion's, each by the mean over its seeds. A seed counts once,
 * with the run that comes first. Only configurations with enough seeds take part: three, or as many as the others have
 * at most, so that one lucky run does not win against many. Null when there is no other, or the champion's has no value.
 */
export function bestBeside(
  runs: Iterable<ConfiguredRun>,
  champion: number,
  direction: Direction,
): ConfigurationFact | null {
  const values = new Map<number, Map<number, number>>();
  for (const { configuration, seeds, value } of runs) {
    const own = values.get(configuration);
    if (own === undefined) values.set(configuration, new Map([[seeds, value]]));
    else if (!own.has(seeds)) own.set(seeds, value);
  }
  const beside = values.get(champion);
  values.delete(champion);
  if (beside === undefined || values.size === 0) return null;
  let most = 0;
  for (const { size } of values.values()) most = Math.max(most, size);
  const needed = Math.min(ENOUGH_SEEDS, most);
  let best: { readonly values: readonly number[]; readonly mean: number } | null = null;
  let chosenFrom = 0;
  for (const seeds of values.values()) {
    if (seeds.size < needed) continue;
    chosenFrom += 1;
    const own = [...seeds.values()];
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    if (best === null || isBetter(mean, best.mean, direction)) best = { values: own, mean };
  }
  if (best === null) return null;
  const found = differenceOfMeans(best.values, [...beside.values()]);
  if (found === null) return null;
  return {
    ...found,
    verdict: verdictOf(found.interval, direction),
    seedCount: best.values.length,
    championSeedCount: beside.size,
    chosenFrom,
  };
}
