import { type TemplateResult, html, nothing, render } from 'lit';
import type { ChartSpec } from '../../src/model/chartSpec';
import { t } from '../ui/l10n';
import { Dragging } from './board/dragging';
import { type MenuItem, openMenu } from './board/menu';
import { valuesTable } from './valuesTable';
import type { ChartInput, ChartKind, ChartServices, ChartView } from './kind';

/** What a frame asks of the board that it is on. */
export interface FrameHost {
  /** Keeps what a person changed. */
  change(id: string, change: Partial<ChartSpec>): void;
  remove(id: string): void;
  duplicate(id: string): void;
  /** Puts the chart before another one; null: last. */
  move(id: string, beforeId: string | null): void;
  /** One place to the front or the back. */
  moveBy(id: string, by: 1 | -1): void;
  /** Shows this chart alone, or all again. */
  toggleAlone(id: string): void;
  /** Whether a brush in it narrows the table. */
  hasBrush(id: string): boolean;
  /** Makes the brush a part of the view's filter, where it is kept. */
  keepBrush(id: string): void;
  save(id: string, as: 'png' | 'svg' | 'csv'): void;
  /** The runs that its note may belong to. */
  noteItems(id: string): readonly MenuItem[];
  /** Which runs it has: those that are on, or its own. */
  runItems(id: string): readonly MenuItem[];
  tryAgain(): void;
  services(id: string): ChartServices;
  /** The width of the board's columns in pixels, and how many there are. */
  grid(): { readonly width: number; readonly count: number };
}

const HEIGHT_STEP = 20; // Pixels a key makes a chart higher.
const [MIN_HEIGHT, MAX_HEIGHT] = [100, 1_000];

/** What stands round every chart: its title, what can be done with it, and what went wrong. */
export class ChartFrame {
  readonly element = document.createElement('section');
  /** Whether it is on the screen. */
  isVisible = false;
  /** Whether a person may move, size and remove it, or it only stands there until it is kept. */
  isKept = true;
  isAlone = false;
  view: ChartView | null = null;
  private asTable = false;
  private problem: string | null = null;
  private isNaming = false;
  private readonly head = document.createElement('header');
  private readonly note = document.createElement('div');
  private readonly body = document.createElement('div');
  private readonly table = document.createElement('div');
  private readonly corner = document.createElement('button');

  constructor(
    public spec: ChartSpec,
    private readonly kind: ChartKind,
    private readonly host: FrameHost,
  ) {
    this.element.className = 'card frame';
    this.element.tabIndex = -1;
    this.element.dataset.chart = spec.id;
    this.head.className = 'card-head';
    this.note.className = 'note';
    this.body.className = 'chart-body';
    this.table.className = 'table-holder';
    this.table.hidden = true;
    this.corner.className = 'corner';
    this.corner.setAttribute('aria-label', t('Size of {0}: arrow keys make it wider and higher', this.title));
    this.corner.title = t('Drag to resize');
    this.element.append(this.head, this.note, this.body, this.table, this.corner);
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    new Dragging(this.head, {
      canStart: (target) => this.isKept && target.closest('button, input') === null,
      dropped: (beforeId) => this.host.move(this.spec.id, beforeId),
    });
    this.corner.addEventListener('pointerdown', (event) => this.startResize(event));
    this.corner.addEventListener('keydown', (event) => this.resizeByKey(event));
    this.show(spec);
  }

  get title(): string {
    return this.spec.title ?? this.kind.title(this.spec);
  }

  /** Takes another spec; what is drawn follows with the next frame. */
  show(spec: ChartSpec): void {
    this.spec = spec;
    this.element.style.setProperty('--span', String(Math.min(spec.span, this.host.grid().count)));
    this.element.style.setProperty('--height', spec.height === null ? '' : `${spec.height}px`);
    this.element.classList.toggle('wide', spec.span > 1);
    this.element.setAttribute('aria-label', this.title);
    this.renderHead();
  }

  setProblem(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    render(
      problem === null
        ? nothing
        : html`<span class="error"><i class="codicon codicon-error" aria-hidden="true"></i> ${problem}</span>
            <button class="link" @click=${() => this.host.tryAgain()}>${t('Try Again')}</button>`,
      this.note,
    );
    this.note.hidden = problem === null;
  }

  /** Draws. Called by the board, at most once a frame, and only for what is on the screen. */
  draw(input: ChartInput): void {
    if (this.view === null) {
      this.body.style.minHeight = '';
      this.view = this.kind.create(this.host.services(this.spec.id));
      this.body.append(this.view.element);
    }
    try {
      this.view.update(input);
    } catch (error) {
      // One bad chart costs one chart.
      console.error(error);
      this.setProblem(
        t('This chart cannot be drawn: {0}', error instanceof Error ? error.message : String(error)),
      );
    }
    this.element.classList.add('drawn');
    this.body.setAttribute('role', 'group');
    this.body.setAttribute('aria-label', this.view.description);
    if (this.asTable) this.renderTable();
    this.renderHead();
  }

  /** Gives back what it drew with: it is off the screen for long. */
  release(): void {
    this.view?.dispose();
    this.view = null;
    // What it showed keeps its place.
    this.body.style.minHeight = `${this.body.clientHeight}px`;
    this.body.replaceChildren();
  }

  dispose(): void {
    this.release();
    this.element.remove();
  }

  private renderHead(): void {
    const { spec } = this;
    const summary = this.view?.summary ?? '';
    const title = this.isNaming
      ? html`<input
          class="title-input"
          aria-label=${t('Title')}
          .value=${this.title}
          @keydown=${(event: KeyboardEvent) => this.onTitleKey(event)}
          @blur=${(event: FocusEvent) => this.endNaming(event.target, true)}
        />`
      : html`<h3
          title=${t('{0}. Double-click to give it another title.', this.title)}
          @dblclick=${() => this.startNaming()}
        >
          ${this.title}
        </h3>`;
    render(
      html`${title}<span class="dim summary" title=${summary}>${clausesOf(summary)}</span>
        <span class="card-actions">
          ${
            this.isKept
              ? html`<button
                  class="icon codicon ${spec.pinned ? 'codicon-pinned' : 'codicon-pin'}"
                  aria-pressed=${spec.pinned}
                  title=${spec.pinned ? t('Unpin') : t('Pin')}
                  aria-label=${spec.pinned ? t('Unpin {0}', this.title) : t('Pin {0}', this.title)}
                  @click=${() => this.host.change(spec.id, { pinned: !spec.pinned })}
                ></button>`
              : html`<button
                  class="icon codicon codicon-add"
                  title=${t('Add to the Charts Above')}
                  aria-label=${t('Add {0} to the Charts Above', this.title)}
                  @click=${() => this.host.change(spec.id, { pinned: false })}
                ></button>`
          }
          <button
            class="icon codicon ${this.isAlone ? 'codicon-screen-normal' : 'codicon-screen-full'}"
            title=${this.isAlone ? t('Show All Charts (Esc)') : t('Open Alone')}
            aria-label=${this.isAlone ? t('Show All Charts') : t('Open {0} Alone', this.title)}
            @click=${() => this.host.toggleAlone(spec.id)}
          ></button>
          <button
            class="icon codicon codicon-ellipsis"
            id="menu-${spec.id}"
            aria-haspopup="menu"
            aria-expanded="false"
            title=${t('More Actions…')}
            aria-label=${t('More Actions for {0}', this.title)}
            @click=${(event: Event) => this.openActions(event.currentTarget)}
          ></button>
        </span>`,
      this.head,
    );
    this.corner.hidden = !this.isKept || this.isAlone;
  }

  private openActions(anchor: EventTarget | null): void {
    if (!(anchor instanceof HTMLElement)) return;
    const { spec, host } = this;
    const menu = (label: string, items: readonly MenuItem[]) => openMenu(anchor, label, items);
    const kept: readonly MenuItem[] = [
      'separator',
      { label: t('Duplicate'), icon: 'copy', run: () => host.duplicate(spec.id) },
      { label: t('Remove'), icon: 'trash', hint: 'Del', run: () => host.remove(spec.id) },
    ];
    menu(t('Actions for {0}', this.title), [
      { label: t('Show as Table'), icon: 'table', checked: this.asTable, run: () => this.toggleTable() },
      ...this.kindItems(),
      ...(host.hasBrush(spec.id)
        ? [{ label: t('Use Brush as Filter'), icon: 'filter', run: () => host.keepBrush(spec.id) }]
        : []),
      { label: t('Runs of This Chart…'), icon: 'eye', run: () => menu(t('Runs'), host.runItems(spec.id)) },
      { label: t('Change Title'), icon: 'edit', run: () => this.startNaming() },
      'separator',
      { label: t('Save as PNG…'), icon: 'file-media', run: () => host.save(spec.id, 'png') },
      ...(this.view?.hasSvg !== true
        ? []
        : [{ label: t('Save as SVG…'), icon: 'symbol-ruler', run: () => host.save(spec.id, 'svg') }]),
      { label: t('Save as CSV…'), icon: 'export', run: () => host.save(spec.id, 'csv') },
      {
        label: t('Copy into Note…'),
        icon: 'note',
        run: () => menu(t('Copy into the note of'), host.noteItems(spec.id)),
      },
      ...(this.isKept ? kept : []),
    ]);
  }

  /** What only some kinds have. */
  private kindItems(): readonly MenuItem[] {
    const { spec, host } = this;
    if (spec.kind === 'heat') {
      const isContour = spec.look === 'contour';
      return [
        {
          label: t('Smoothed Contour'),
          hint: 'C',
          checked: isContour,
          run: () => host.change(spec.id, { look: isContour ? 'cells' : 'contour' }),
        },
      ];
    }
    if (spec.kind !== 'lines') return [];
    return [
      {
        label: t('Logarithmic Y Axis'),
        hint: 'L',
        checked: spec.logarithmicY,
        run: () => host.change(spec.id, { logarithmicY: !spec.logarithmicY }),
      },
      {
        label: t('Logarithmic X Axis'),
        checked: spec.logarithmicX,
        run: () => host.change(spec.id, { logarithmicX: !spec.logarithmicX }),
      },
    ];
  }

  private toggleTable(): void {
    this.asTable = !this.asTable;
    this.body.hidden = this.asTable;
    this.table.hidden = !this.asTable;
    if (this.asTable) this.renderTable();
  }

  private renderTable(): void {
    render(valuesTable(this.title, this.view?.table() ?? []), this.table);
  }

  private startNaming(): void {
    this.isNaming = true;
    this.renderHead();
    const input = this.head.querySelector('input');
    input?.focus();
    input?.select();
  }

  private onTitleKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Enter') this.endNaming(event.target, true);
    else if (event.key === 'Escape') this.endNaming(event.target, false);
  }

  private endNaming(input: EventTarget | null, keep: boolean): void {
    if (!this.isNaming || !(input instanceof HTMLInputElement)) return;
    this.isNaming = false;
    const title = input.value.trim();
    this.renderHead();
    if (!keep || title === this.title) return;
    this.host.change(this.spec.id, {
      title: title === '' || title === this.kind.title(this.spec) ? null : title,
    });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement || event.target === this.corner) return;
    const { spec, host } = this;
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (isPlain && event.altKey && this.isKept && (event.key === 'ArrowLeft' || event.key === 'ArrowUp')) {
      host.moveBy(spec.id, -1);
    } else if (
      isPlain &&
      event.altKey &&
      this.isKept &&
      (event.key === 'ArrowRight' || event.key === 'ArrowDown')
    ) {
      host.moveBy(spec.id, 1);
    } else if (
      isPlain &&
      !event.altKey &&
      event.key === 'Escape' &&
      this.isAlone &&
      this.view?.onKey?.(event) !== true
    ) {
      host.toggleAlone(spec.id);
    } else if (isPlain && !event.altKey && event.key === 'Delete' && this.isKept) {
      host.remove(spec.id);
    } else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      this.openActions(this.head.querySelector('.codicon-ellipsis'));
    } else if (this.view?.onKey?.(event) !== true) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private get shownHeight(): number {
    return Math.round(this.spec.height ?? this.body.getBoundingClientRect().height);
  }

  private resizeByKey(event: KeyboardEvent): void {
    const { spec } = this;
    const by = { ArrowUp: -HEIGHT_STEP, ArrowDown: HEIGHT_STEP }[event.key];
    const wider = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by !== undefined) this.resize(this.shownHeight + by, spec.span);
    else if (wider !== undefined) this.resize(spec.height, spanOf(spec.span + wider));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private startResize(event: PointerEvent): void {
    if (event.button !== 0) return;
    const from = { x: event.clientX, y: event.clientY, height: this.shownHeight };
    const { width } = this.element.getBoundingClientRect();
    const sizeAt = (at: PointerEvent) => ({
      height: from.height + at.clientY - from.y,
      span: spanOf(Math.round((width + at.clientX - from.x) / Math.max(1, this.host.grid().width))),
    });
    this.corner.setPointerCapture(event.pointerId);
    const move = (at: PointerEvent) => {
      const { height, span } = sizeAt(at);
      this.element.style.setProperty('--height', `${clampHeight(height)}px`);
      this.element.style.setProperty('--span', String(Math.min(span, this.host.grid().count)));
    };
    const end = (at: PointerEvent) => {
      this.corner.removeEventListener('pointermove', move);
      this.corner.removeEventListener('pointerup', end);
      this.corner.removeEventListener('pointercancel', end);
      const { height, span } = sizeAt(at);
      this.resize(
        at.clientY === from.y ? this.spec.height : height,
        at.clientX === from.x ? this.spec.span : span,
      );
    };
    this.corner.addEventListener('pointermove', move);
    this.corner.addEventListener('pointerup', end);
    this.corner.addEventListener('pointercancel', end);
    event.preventDefault();
  }

  private resize(height: number | null, span: 1 | 2 | 3): void {
    this.host.change(this.spec.id, { height: height === null ? null : clampHeight(height), span });
  }
}

/** Whole clauses, so that a narrow frame shows fewer of them and cuts none. */
function clausesOf(summary: string): readonly TemplateResult[] {
  return summary
    .split(', ')
    .filter(Boolean)
    .map((clause) => html`<span>${clause}</span>`);
}

function clampHeight(height: number): number {
  return Math.round(Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)));
}

function spanOf(columns: number): 1 | 2 | 3 {
  return columns >= 3 ? 3 : columns >= 2 ? 2 : 1;
}
