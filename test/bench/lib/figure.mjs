// What the bench reports: a value beside its floor and its peer, and what it should be.

/**
 * One line of the report. Null stands for what was not measured.
 * @param budget `atMost(...)`, `atLeast(...)` or null: a figure to look at, not to hold.
 */
export function figure({ name, unit, value = null, floor = null, peer = null, budget = null }) {
  const limit = budget?.limit ?? null;
  const holds = value === null || limit === null ? null : budget.holds(value);
  return { name, value, unit, floor, peer, budget: limit, rule: budget?.rule ?? null, holds };
}

/** A budget that says "not more than". `rule` is how the design words it; a limit of null is not known this time. */
export const atMost = (limit, rule) => ({ limit, rule, holds: (value) => value <= limit });

export const atLeast = (limit, rule) => ({ limit, rule, holds: (value) => value >= limit });

/** The limit of a budget that names a ratio, with the floor of this very run. */
export const times = (ratio, floor) => (floor === null ? null : ratio * floor);
