type Step = number | bigint;

/**
 * The steps to show of runs that have more than fit: of all steps of all runs every n-th, the very last, and the
 * first and the last of each run, so that no line begins late or ends early. It is how MLflow samples
 * (get_metric_history_bulk_interval of its stores), so that its pages and clients draw the same lines.
 * @param logged the steps of each run, going up, each once.
 * @param most how many steps are picked; the ends of the runs come on top.
 * @returns the steps, going up.
 */
export function sampledSteps(logged: readonly (readonly Step[])[], most: number): Step[] {
  const all = ascending(logged.flat());
  if (all.length <= most) return all;
  const interval = all.length / most;
  const ends = logged.flatMap((steps) => [steps[0], steps.at(-1)]);
  const picked = Array.from({ length: most }, (_, i) => all[Math.floor(i * interval)]);
  return ascending([...picked, all.at(-1), ...ends].filter((step) => step !== undefined));
}

/** Each once; a bigint is never equal to a number here, since numbers stand for all that they hold exactly. */
function ascending(steps: readonly Step[]): Step[] {
  return [...new Set(steps)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
