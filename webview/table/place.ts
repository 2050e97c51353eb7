import { noChange } from 'lit';
import { Directive, type ElementPart, type PartInfo, directive } from 'lit/directive.js';

/** Puts an element at a share of its parent's width; sizes are set by script, since the page's policy allows no style in markup. */
class PlaceDirective extends Directive {
  private element: HTMLElement | null = null;
  private left = -1;
  private width = -1;

  constructor(info: PartInfo) {
    super(info);
  }

  render(_left: number, _width?: number): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [left, width = -1]: [number, number?]): typeof noChange {
    const { element } = part;
    if (!(element instanceof HTMLElement)) return noChange;
    if (element !== this.element || left !== this.left) element.style.left = `${(left * 100).toFixed(2)}%`;
    if (width >= 0 && (element !== this.element || width !== this.width)) {
      element.style.width = `${(width * 100).toFixed(2)}%`;
    }
    this.element = element;
    this.left = left;
    this.width = width;
    return noChange;
  }
}

/** `<i ${place(0.2, 0.5)}></i>`: from a fifth on, half as wide as the parent. */
export const place = directive(PlaceDirective);
