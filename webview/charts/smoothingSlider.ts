import { type TemplateResult, html } from 'lit';
import { ref } from 'lit/directives/ref.js';
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
      ${ref((input) => shareOf(input, smoothing / 0.99))}
      aria-label=${t('Smoothing')}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) change(Number(event.target.value));
      }}
    /><output class="number">${smoothing.toFixed(2)}</output></label
  >`;
}

/** How much of the slider is filled. Not as an attribute: the page's policy allows no inline styles. */
function shareOf(input: Element | undefined, share: number): void {
  if (input instanceof HTMLElement) input.style.setProperty('--share', String(share));
}
