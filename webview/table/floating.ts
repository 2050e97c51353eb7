export interface Place {
  readonly x: number;
  readonly y: number;
}

const MARGIN = 4;

/** Something that floats over the page: a menu or a list. One at a time; a click elsewhere, Escape or leaving closes it. */
export class Floating {
  private static open: Floating | null = null;
  private readonly ended = new AbortController();
  private readonly before = document.activeElement;

  /** @param closed told once, however it closes. */
  constructor(
    private readonly element: HTMLElement,
    at: Place,
    private readonly closed: () => void = () => undefined,
  ) {
    Floating.open?.close(false);
    Floating.open = this;
    const { signal } = this.ended;
    element.classList.add('floating');
    document.body.append(element);
    const box = element.getBoundingClientRect();
    // Positions are set by script: the page's policy allows no style in markup.
    element.style.left = `${Math.max(MARGIN, Math.min(at.x, window.innerWidth - box.width - MARGIN))}px`;
    element.style.top = `${Math.max(MARGIN, Math.min(at.y, window.innerHeight - box.height - MARGIN))}px`;
    document.addEventListener('pointerdown', (event) => this.onPointer(event), { signal, capture: true });
    window.addEventListener('blur', () => this.close(false), { signal });
    window.addEventListener('resize', () => this.close(false), { signal });
    element.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        this.close(true);
      },
      { signal },
    );
  }

  /** @param giveBack whether the keyboard goes back to where it was. */
  close(giveBack: boolean): void {
    if (this.ended.signal.aborted) return;
    this.ended.abort();
    if (Floating.open === this) Floating.open = null;
    this.element.remove();
    if (giveBack && this.before instanceof HTMLElement) this.before.focus();
    this.closed();
  }

  private onPointer(event: PointerEvent): void {
    if (event.target instanceof Node && !this.element.contains(event.target)) this.close(false);
  }
}
