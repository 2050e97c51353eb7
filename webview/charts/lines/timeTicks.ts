const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000] as const;
/** Distances of a clock's ticks that people read without counting. */
const DISTANCES = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 14, 30, 90, 180, 365].map((n) => n * DAY),
];

/** The instants that an axis of wall time names, at most `most` of them, on whole hours and days of the local clock. */
export function timeTicks(min: number, max: number, most: number): readonly number[] {
  const distance = DISTANCES.find((one) => (max - min) / one <= most) ?? 365 * DAY;
  const offset = new Date(min).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let at = Math.ceil((min - offset) / distance) * distance + offset; at <= max; at += distance)
    ticks.push(at);
  return ticks;
}

/** An instant as its axis needs it: `14:05`, `14:05:30` or `Nov 17`. */
export function formatInstant(at: number, distance: number): string {
  const date = new Date(at);
  if (distance >= DAY) return date.toLocaleDateString('en-US', { month: 'short', day: 'numeric' });
  const time = date.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(distance < MINUTE ? { second: '2-digit' } : {}),
  });
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  return isMidnight ? date.toLocaleDateString('en-US', { month: 'short', day: 'numeric' }) : time;
}
