import { type TemplateResult, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ParamSpec } from '../../src/model/param';
import { asBool } from '../../src/model/paramValue';
import { t } from '../ui/l10n';

/** What a field shows and what it does. */
export interface FieldInput {
  readonly spec: ParamSpec;
  readonly id: string;
  readonly text: string;
  /** How many values the text holds. */
  readonly count: number;
  readonly problem: string | null;
  /** Whether a choice is typed instead of chosen, so that several can be given. */
  readonly isTyped: boolean;
  change(text: string): void;
  /** Types a choice from now on. */
  type(): void;
}

/** The input of a param: a switch, a choice, or text, which may hold several values. */
export function fieldOf(input: FieldInput): TemplateResult {
  const { spec, count } = input;
  if (spec.action !== 'store' && count < 2) return switchOf(input);
  const choices = spec.choices ?? (spec.type === 'bool' && !spec.many ? ['True', 'False'] : null);
  if (choices !== null && !spec.many && !input.isTyped && count < 2) return choiceOf(input, choices);
  return textOf(input);
}

function textOf({ spec, id, text, problem, change }: FieldInput): TemplateResult {
  return html`<input
    id=${id}
    class="field text ${spec.type === 'str' ? '' : 'mono'}"
    type="text"
    spellcheck="false"
    autocomplete="off"
    data-name=${spec.name}
    .value=${live(text)}
    placeholder=${placeholderOf(spec)}
    aria-invalid=${problem !== null}
    aria-describedby="${id}-help ${id}-problem"
    @input=${(event: Event) => {
      if (event.target instanceof HTMLInputElement) change(event.target.value);
    }}
  />`;
}

function placeholderOf(spec: ParamSpec): string {
  if (spec.defaultValue !== null) return spec.defaultValue === '' ? t('empty') : '';
  if (spec.required) return t('needed');
  return spec.many ? t('none') : t('no default');
}

const SEVERAL = '\0several';

function choiceOf(
  { spec, id, text, problem, change, type }: FieldInput,
  choices: readonly string[],
): TemplateResult {
  const known = choices.includes(text) || text === '';
  return html`<span class="select"
    ><select
      id=${id}
      class="field"
      data-name=${spec.name}
      aria-invalid=${problem !== null}
      aria-describedby="${id}-help ${id}-problem"
      @change=${(event: Event) => {
        if (!(event.target instanceof HTMLSelectElement)) return;
        if (event.target.value === SEVERAL) type();
        else change(event.target.value);
      }}
    >
      ${
        spec.defaultValue === null || text === ''
          ? html`<option value="" .selected=${text === ''}>${spec.required ? t('choose') : '–'}</option>`
          : nothing
      }
      ${known ? nothing : html`<option value=${text} selected>${text}</option>`}
      ${choices.map((choice) => html`<option value=${choice} .selected=${choice === text}>${choice}</option>`)}
      <option value=${SEVERAL}>${t('Several…')}</option></select
    ><i class="codicon codicon-chevron-down" aria-hidden="true"></i
  ></span>`;
}

function switchOf({ spec, id, text, change }: FieldInput): TemplateResult {
  const isOn = asBool(text) === true;
  return html`<span class="switch"
    ><label class="check"
      ><input
        id=${id}
        type="checkbox"
        class="field"
        data-name=${spec.name}
        .checked=${live(isOn)}
        aria-describedby="${id}-help ${id}-problem"
        @change=${() => change(isOn ? 'False' : 'True')}
      /><i class="codicon codicon-check" aria-hidden="true"></i>
      <span class="mono">${isOn ? 'True' : 'False'}</span></label
    ><button
      class="link both"
      tabindex="-1"
      title=${t('Run once without and once with it')}
      @click=${() => change('False, True')}
    >
      ${t('both')}
    </button></span
  >`;
}
