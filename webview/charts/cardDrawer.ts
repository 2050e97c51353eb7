import type { ChartCard } from './card';

export interface CardDrawerHost {
  /** Other cards are on the screen: their points may have to be read. */
  looked(): void;
  /** Whether a card is drawn wherever the page is scrolled to. */
  isAlwaysDrawn?(card: ChartCard): boolean;
  /** Cards are about to be drawn; what it gives back is called when they are. */
  drawing?(): () => void;
}

/** Draws the cards of a page: once a frame, and only what is on the screen by then. */
export class CardDrawer {
  private readonly known = new Map<Element, ChartCard>();
  private readonly dirty = new Set<ChartCard>();
  private frame = 0;
  private readonly intersections = new IntersectionObserver((entries) => this.onIntersect(entries), {
    rootMargin: '200px',
  });

  constructor(private readonly host: CardDrawerHost) {}

  observe(card: ChartCard): void {
    this.known.set(card.element, card);
    this.intersections.observe(card.element);
  }

  unobserve(card: ChartCard): void {
    this.known.delete(card.element);
    this.intersections.unobserve(card.element);
    card.isVisible = false;
  }

  /** Draws with the next frame whatever is on the screen by then. */
  invalidate(card: ChartCard): void {
    this.dirty.add(card);
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const drawn = this.host.drawing?.();
      for (const one of [...this.dirty]) {
        if (!one.isVisible && this.host.isAlwaysDrawn?.(one) !== true) continue;
        this.dirty.delete(one);
        one.draw();
      }
      drawn?.();
    });
  }

  private onIntersect(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const card = this.known.get(entry.target);
      if (card === undefined) continue;
      card.isVisible = entry.isIntersecting;
      if (card.isVisible) this.invalidate(card);
    }
    this.host.looked();
  }
}
