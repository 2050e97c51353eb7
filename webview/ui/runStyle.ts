/** The shape of a run's line, which tells runs of one colour apart. */
export type Dash = 'solid' | 'dashed' | 'dotted';

export const COLOURS = 8;
const DASHES: readonly Dash[] = ['solid', 'dashed', 'dotted'];

/** The colour (1 to 8, 0 is grey) and line shape of a slot: up to 8 solid, 16 dashed, 24 dotted, more grey. */
export function styleOf(slot: number | null): { readonly colour: number; readonly dash: Dash } {
  const dash = slot === null || slot < 1 ? undefined : DASHES[Math.floor((slot - 1) / COLOURS)];
  return slot === null || dash === undefined
    ? { colour: 0, dash: 'solid' }
    : { colour: ((slot - 1) % COLOURS) + 1, dash };
}
