import { html, nothing, render } from 'lit';
import { runMark } from '../../ui/runMark';

/** What is told of what is pointed at. */
export interface Told {
  readonly name: string;
  /** Given: a run's colour stands before the name; null is grey. */
  readonly slot?: number | null;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

const GAP = 12;
const EDGE = 4;

/** The small window beside the pointer. Everything in it is text. */
export class Tooltip {
  readonly element = document.createElement('div');

  constructor() {
    this.element.className = 'tooltip plot-tooltip';
    this.element.setAttribute('role', 'tooltip');
    this.element.hidden = true;
  }

  /** `x` and `y` are pixels within the element that the tooltip is in. */
  show(told: Told, x: number, y: number): void {
    render(
      html`<div class="plot-tooltip-name">
          ${told.slot === undefined ? nothing : runMark(told.slot)}<span>${told.name}</span>
        </div>
        <table>
          ${told.facts.map(
            ([label, value]) =>
              html`<tr>
                <td class="dim">${label}</td>
                <td class="number">${value}</td>
              </tr>`,
          )}
        </table>`,
      this.element,
    );
    this.element.hidden = false;
    const frame = this.element.parentElement?.getBoundingClientRect();
    if (frame === undefined) return;
    const { width, height } = this.element.getBoundingClientRect();
    const isRight = frame.left + x + GAP + width <= window.innerWidth - EDGE;
    const left = isRight ? x + GAP : Math.max(EDGE - frame.left, x - GAP - width);
    const top = Math.min(y + GAP, window.innerHeight - EDGE - height - frame.top);
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(EDGE - frame.top, top))}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
