export interface DraggingHost {
  canStart(target: Element): boolean;
  /** Dropped before the chart with this id; null: at the end. */
  dropped(beforeId: string | null): void;
}

const MIN_DRAG = 6; // Pixels; less is a click with an unsteady hand.

/** Moves a chart by its head: where it would go is marked, Escape leaves it where it was. */
export class Dragging {
  constructor(
    private readonly head: HTMLElement,
    private readonly host: DraggingHost,
  ) {
    head.addEventListener('pointerdown', (event) => this.start(event));
  }

  private start(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof Element) || !this.host.canStart(event.target)) return;
    const from = { x: event.clientX, y: event.clientY };
    const own = this.head.closest<HTMLElement>('.frame');
    let isDragging = false;
    let marked: HTMLElement | null = null;
    let isAfter = false;
    const mark = (element: HTMLElement | null) => {
      marked?.classList.remove('drop-before', 'drop-after');
      marked = element;
      marked?.classList.add(isAfter ? 'drop-after' : 'drop-before');
    };
    const move = (at: PointerEvent) => {
      if (!isDragging && Math.hypot(at.clientX - from.x, at.clientY - from.y) < MIN_DRAG) return;
      if (!isDragging) this.head.setPointerCapture(event.pointerId);
      isDragging = true;
      own?.classList.add('dragged');
      const under = document
        .elementFromPoint(at.clientX, at.clientY)
        ?.closest<HTMLElement>('.grid.kept > .frame');
      if (!under || under === own) return mark(null);
      const { left, width } = under.getBoundingClientRect();
      isAfter = at.clientX > left + width / 2;
      mark(under);
    };
    const end = (isKept: boolean) => {
      this.head.removeEventListener('pointermove', move);
      this.head.removeEventListener('pointerup', drop);
      this.head.removeEventListener('pointercancel', cancel);
      document.removeEventListener('keydown', key, true);
      own?.classList.remove('dragged');
      const target = marked;
      mark(null);
      if (!isKept || target === null) return;
      const next = isAfter ? target.nextElementSibling : target;
      this.host.dropped(next instanceof HTMLElement ? (next.dataset.chart ?? null) : null);
    };
    const drop = () => end(isDragging);
    const cancel = () => end(false);
    const key = (pressed: KeyboardEvent) => {
      if (pressed.key !== 'Escape') return;
      pressed.stopPropagation();
      end(false);
    };
    this.head.addEventListener('pointermove', move);
    this.head.addEventListener('pointerup', drop);
    this.head.addEventListener('pointercancel', cancel);
    document.addEventListener('keydown', key, true);
  }
}
