/**
 * The order when some are moved before another one, or behind all (null). Who is not in the order is left out; a
 * place that is gone meanwhile was at the front, since the first is the one that leaves.
 */
export function reorder<Id>(order: readonly Id[], moved: readonly Id[], before: Id | null): readonly Id[] {
  const known = moved.filter((id) => order.includes(id));
  const rest = order.filter((id) => !known.includes(id));
  if (before === null) return [...rest, ...known];
  // Before one that is moved itself: before the next that stays.
  const from = order.indexOf(before);
  const stays = order.slice(Math.max(0, from)).find((id) => !known.includes(id));
  const at = stays === undefined ? rest.length : from < 0 ? 0 : rest.indexOf(stays);
  return [...rest.slice(0, at), ...known, ...rest.slice(at)];
}
