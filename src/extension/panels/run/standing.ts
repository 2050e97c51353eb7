import type { ApiClient } from '../../../api/client';
import { type Goal, bestOf } from '../../../model/goal';
import { type Noise, configurationOf, isSeed, noiseOf, seedsOf } from '../../../model/noise';
import type { Run } from '../../../model/run';
import { comparedValue, directionOf } from '../../../model/runComparison';

/** How a run stands by its experiment's goal: 1 is the best. Null without a value of it. */
export async function rankOf(
  client: ApiClient,
  run: Run,
  goal: Goal | null,
): Promise<{ place: number; of: number } | null> {
  const summary = goal === null ? undefined : run.metrics[goal.metric];
  if (goal === null || summary === undefined || run.deleted) return null;
  const { value } = bestOf(summary, goal.direction);
  const metric = quotedName(goal.metric);
  if (!Number.isFinite(value) || metric === null) return null;
  const countOf = async (operator: string) => {
    const filter = `best.${metric} ${operator} ${value}`;
    const { total } = await client.call('searchRuns', {
      experimentIds: [run.experimentId],
      filter,
      limit: 1,
    });
    return total;
  };
  const isHigh = goal.direction === 'maximize';
  const [better, others] = await Promise.all([countOf(isHigh ? '>' : '<'), countOf(isHigh ? '<=' : '>=')]);
  return { place: better + 1, of: better + others };
}

const MOST_RUNS = 30; // Seeds of one configuration; more would not change what the noise is.
const MOST_METRICS = 500; // Beyond, thirty runs are more than should be read for the colour of a number.

/**
 * What seeds alone do to each metric of a run, from runs of its experiment that have the same params but for the
 * seed, and from those of the other run's configuration. Metrics without several seeds are left out.
 */
export async function noiseBeside(
  client: ApiClient,
  run: Run,
  other: Run | null,
  goal: Goal | null,
): Promise<readonly (readonly [string, Noise])[]> {
  const names = Object.keys(run.metrics).filter((name) => !name.startsWith('system/'));
  if (names.length > MOST_METRICS) return [];
  const isOther = other !== null && configurationOf(other.params) !== configurationOf(run.params);
  const groups = await Promise.all([
    seedGroup(client, run),
    isOther ? seedGroup(client, other) : Promise.resolve([]),
  ]);
  return names.flatMap((name) => {
    const direction = directionOf(name, goal);
    const values = groups.map((group) =>
      group.flatMap(({ metrics }) => {
        const summary = metrics[name];
        return summary === undefined ? [] : [comparedValue(summary, direction)];
      }),
    );
    const noise = noiseOf(values);
    return noise === null ? [] : [[name, noise] as const];
  });
}

/** Finished runs that differ from the run in their seed only, one a seed. */
export async function seedGroup(client: ApiClient, run: Run): Promise<readonly Run[]> {
  if (seedsOf(run.params) === null) return [];
  const clauses: string[] = ["attributes.status = 'FINISHED'"];
  for (const [name, value] of Object.entries(run.params)) {
    if (isSeed(name)) continue;
    const [key, text] = [quotedName(name), quotedText(value)];
    // What cannot be said in a filter is compared below.
    if (key !== null && text !== null) clauses.push(`params.${key} = ${text}`);
  }
  const { runs } = await client.call('searchRuns', {
    experimentIds: [run.experimentId],
    filter: clauses.slice(0, 40).join(' and '),
    limit: MOST_RUNS,
  });
  const configuration = configurationOf(run.params);
  const bySeed = new Map<string, Run>();
  for (const one of runs) {
    const seeds = seedsOf(one.params);
    // The same seed twice shows no spread of seeds.
    if (seeds !== null && configurationOf(one.params) === configuration) bySeed.set(seeds, one);
  }
  return [...bySeed.values()];
}

function quotedName(name: string): string | null {
  if (!name.includes('`')) return `\`${name}\``;
  return name.includes('"') ? null : `"${name}"`;
}

function quotedText(value: string): string | null {
  return value.length > 500 ? null : `'${value.replaceAll("'", "''")}'`;
}
