/** The rows of a long list that are on the screen, and a few around them. Pure. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

const AROUND = 8; // Rows beyond the edges, so that scrolling shows no white.

export function rowsInView(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + height) / rowHeight);
  const from = Math.max(0, Math.min(first - AROUND, count));
  return { from, to: Math.max(from, Math.min(count, last + AROUND)) };
}
