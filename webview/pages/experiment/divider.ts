import { t } from '../../ui/l10n';

const LEAST = 0.2;
const MOST = 0.8;
const KEY_STEP = 0.02;

/** The line between table and charts: it is dragged, or moved by ← and → while it has the focus. */
export class Divider {
  readonly element = document.createElement('div');

  /**
   * @param body whose first column is the table.
   * @param share the first column's share of the width.
   * @param moved hears of the new share when the person lets go.
   */
  constructor(
    private readonly body: HTMLElement,
    private share: number,
    private readonly moved: (share: number) => void,
  ) {
    this.element.className = 'divider';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'separator');
    this.element.setAttribute('aria-orientation', 'vertical');
    this.element.setAttribute('aria-label', t('Width of the Table'));
    this.element.setAttribute('aria-valuemin', String(LEAST * 100));
    this.element.setAttribute('aria-valuemax', String(MOST * 100));
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.element.addEventListener('pointermove', (event) => {
      if (!this.element.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.body.getBoundingClientRect();
      this.set((event.clientX - left) / width);
    });
    this.element.addEventListener('pointerup', () => this.moved(this.share));
    this.element.addEventListener('dblclick', () => this.finish(0.5));
    this.element.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.finish(this.share + by);
    });
    this.set(share);
  }

  private finish(share: number): void {
    this.set(share);
    this.moved(this.share);
  }

  private set(share: number): void {
    this.share = Math.min(MOST, Math.max(LEAST, share));
    this.body.style.setProperty('--table-share', `${(this.share * 100).toFixed(2)}%`);
    this.element.setAttribute('aria-valuenow', String(Math.round(this.share * 100)));
  }
}
