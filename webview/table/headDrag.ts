/** What a person does with headings. A part is 'name' or a column's number. */
export interface HeadDragHost {
  sort(part: string, adds: boolean): void;
  /** While it is dragged `isDone` is false. */
  resize(part: string, width: number, isDone: boolean): void;
  resizeBy(part: string, pixels: number): void;
  /** As wide as its content. */
  fit(part: string): void;
  /** Puts a column before the one that has the number `before` now. */
  moveColumn(part: string, before: number): void;
  headMenu(part: string, at: { readonly x: number; readonly y: number }): void;
  fold(index: number, folded: boolean): void;
  /** Where the champion's and the target's line run in the goal's bars, from 0 to 1; null: nowhere. */
  lines(): { readonly champion: number | null; readonly target: number | null };
}

const DRAG_FROM = 4; // Pixels: less is a click.
const LEAST = 28;

/** Clicks sort, the right edge resizes, a double click there fits, and dragging a heading moves its column. */
export function watchHead(head: HTMLElement, host: HeadDragHost): void {
  const mark = document.createElement('div');
  mark.className = 'drop-mark';
  mark.hidden = true;
  head.parentElement?.append(mark);
  let wasDragged = false;

  head.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    wasDragged = false;
    const resizer = closest(event, '[data-resize]');
    const cell = closest(event, '[data-head]');
    if (resizer !== null && cell !== null) dragEdge(event, cell, resizer.dataset.resize ?? 'name');
    else if (cell !== null && cell.dataset.head !== 'name') dragColumn(event, cell);
  });
  head.addEventListener('click', (event) => {
    const part = closest(event, '[data-head]')?.dataset.head;
    if (part === undefined || wasDragged || closest(event, '[data-resize]') !== null) return;
    host.sort(part, event.shiftKey);
  });
  head.addEventListener('dblclick', (event) => {
    const part = closest(event, '[data-resize]')?.dataset.resize;
    if (part !== undefined) host.fit(part);
  });

  function dragEdge(event: PointerEvent, cell: HTMLElement, part: string): void {
    event.preventDefault();
    const start = cell.getBoundingClientRect().width - event.clientX;
    const widthAt = (move: PointerEvent) => Math.max(LEAST, Math.round(start + move.clientX));
    follow(event, {
      move: (move) => {
        wasDragged = true;
        host.resize(part, widthAt(move), false);
      },
      end: (move) => {
        if (wasDragged) host.resize(part, widthAt(move), true);
      },
    });
  }

  function dragColumn(event: PointerEvent, cell: HTMLElement): void {
    const part = cell.dataset.head ?? '';
    let before: number | null = null;
    follow(event, {
      move: (move) => {
        if (!wasDragged && Math.abs(move.clientX - event.clientX) < DRAG_FROM) return;
        wasDragged = true;
        cell.classList.add('dragged');
        before = showDrop(move.clientX);
      },
      end: () => {
        cell.classList.remove('dragged');
        mark.hidden = true;
        if (wasDragged && before !== null) host.moveColumn(part, before);
      },
    });
  }

  /** Marks the gap that is nearest; returns the number of the column behind it. */
  function showDrop(x: number): number | null {
    let best: { before: number; at: number } | null = null;
    for (const cell of head.querySelectorAll<HTMLElement>('[data-head]')) {
      if (cell.dataset.head === 'name') continue;
      const number = Number(cell.dataset.head);
      const box = cell.getBoundingClientRect();
      for (const [at, before] of [
        [box.left, number],
        [box.right, number + 1],
      ] as const) {
        if (best === null || Math.abs(at - x) < Math.abs(best.at - x)) best = { before, at };
      }
    }
    if (best === null) return null;
    mark.hidden = false;
    mark.style.left = `${best.at - head.getBoundingClientRect().left}px`;
    return best.before;
  }
}

function closest(event: Event, selector: string): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
}

function follow(
  start: PointerEvent,
  { move, end }: { move(event: PointerEvent): void; end(event: PointerEvent): void },
): void {
  const ended = new AbortController();
  const { signal } = ended;
  const isSame = (event: PointerEvent) => event.pointerId === start.pointerId;
  window.addEventListener('pointermove', (event) => isSame(event) && move(event), { signal });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(
      name,
      (event) => {
        if (!isSame(event)) return;
        ended.abort();
        end(event);
      },
      { signal },
    );
  }
}
