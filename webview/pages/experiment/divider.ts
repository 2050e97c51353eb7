import { t } from '../../ui/l10n';

const LEAST = 0.2;
const MOST = 0.8;
const HALF = 0.5;
const KEY_STEP = 0.02;

/** The line between table and charts: it is dragged, or moved by ← and → while it has the focus. */
export class Divider {
  readonly element = document.createElement('div');
  private share = HALF;

  /**
   * @param body whose first column is the table.
   * @param moved hears of the table's new share of the width when the person lets go.
   */
  constructor(
    private readonly body: HTMLElement,
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
      if (width > 0) this.set((event.clientX - left) / width);
    });
    this.element.addEventListener('pointerup', () => this.moved(this.share));
    this.element.addEventListener('dblclick', () => this.finish(HALF));
    this.element.addEventListener('keydown', (event) => {
      const to = {
        ArrowLeft: this.share - KEY_STEP,
        ArrowRight: this.share + KEY_STEP,
        Home: LEAST,
        End: MOST,
        Enter: HALF,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.finish(to);
    });
    this.set(null);
  }

  /** @param share of the width, for the table; null: as at first. */
  set(share: number | null): void {
    this.share = Math.min(MOST, Math.max(LEAST, share ?? HALF));
    this.body.style.setProperty('--table-share', `${(this.share * 100).toFixed(2)}%`);
    this.element.setAttribute('aria-valuenow', String(Math.round(this.share * 100)));
  }

  private finish(share: number): void {
    this.set(share);
    this.moved(this.share);
  }
}
