import { type TemplateResult, html, nothing } from 'lit';

/** What a foldable area of the page is made of. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly note?: string | TemplateResult | undefined;
  readonly actions?: TemplateResult | undefined;
  readonly isFolded: boolean;
  readonly toggle: () => void;
}

/** An area with a heading that folds it; F6 goes from one to the next. */
export function part(
  { id, title, note, actions, isFolded, toggle }: Part,
  content: () => unknown,
): TemplateResult {
  return html`<section class="part" id="part-${id}" data-area aria-labelledby="head-${id}">
    <div class="part-head">
      <h2>
        <button class="fold" id="head-${id}" aria-expanded=${!isFolded} @click=${toggle}>
          <i class="codicon codicon-chevron-${isFolded ? 'right' : 'down'}" aria-hidden="true"></i>${title}
        </button>
      </h2>
      <span class="part-note dim small">${note ?? nothing}</span>
      <span class="part-actions">${actions ?? nothing}</span>
    </div>
    ${isFolded ? nothing : html`<div class="part-body">${content()}</div>`}
  </section>`;
}

export function iconButton(icon: string, title: string, click: () => void, extra = ''): TemplateResult {
  return html`<button
    class="icon codicon codicon-${icon} ${extra}"
    title=${title}
    aria-label=${title}
    @click=${click}
  ></button>`;
}

export function linkButton(label: string, click: () => void): TemplateResult {
  return html`<button class="link" @click=${click}>${label}</button>`;
}
