import { type TemplateResult, html, svg } from 'lit';
import { styleOf } from './runStyle';

/** The short piece of a run's line that stands beside its name. */
export function runMark(slot: number | null): TemplateResult {
  const { colour, dash } = styleOf(slot);
  return html`<svg class="mark colour${colour} ${dash}" width="14" height="8" aria-hidden="true">
    ${svg`<line x1="0" y1="4" x2="100%" y2="4"></line>`}
  </svg>`;
}
