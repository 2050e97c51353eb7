/** What the page keeps over a reload of the window. */
export interface ExperimentMemory {
  /** What it is about: VS Code hands it to the window when it restores the page. */
  readonly place: { readonly folder: string; readonly experimentId: string } | null;
  /** The table's share of the width, 0.2 to 0.8. */
  readonly share: number;
}

const SHARE = 0.5;

/** Reads what an earlier version of the page may have kept. */
export function readExperimentMemory(kept: unknown): ExperimentMemory {
  if (typeof kept !== 'object' || kept === null) return { place: null, share: SHARE };
  const { folder, experimentId, share } = { folder: null, experimentId: null, share: SHARE, ...kept };
  return {
    place: typeof folder === 'string' && typeof experimentId === 'string' ? { folder, experimentId } : null,
    share: typeof share === 'number' && share >= 0.2 && share <= 0.8 ? share : SHARE,
  };
}
