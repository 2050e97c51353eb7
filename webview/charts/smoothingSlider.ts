import { type TemplateResult, html } from 'lit';
import { t } from '../ui/l10n';

/** The slider of how much lines are smoothed: 0 is as logged. */
export function smoothingSlider(smoothing: number, change: (smoothing: number) => void): TemplateResult {
  return html`<label class="smoothing"
    ><span>${t('Smoothing')}</span>
    <input
      type="range"
      min="0"
      max="0.99"
      step="0.01"
      .value=${String(smoothing)}
      .style=${`--share:${smoothing / 0.99}`}
      aria-label=${t('Smoothing')}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) change(Number(event.target.value));
      }}
    /><output class="number">${smoothing.toFixed(2)}</output></label
  >`;
}
