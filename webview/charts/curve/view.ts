import type { CurveSpec } from '../../../src/model/chartSpec';
import { pictureType } from '../../../src/model/loggedImage';
import { t } from '../../ui/l10n';
import { PathField } from '../artifacts/pathField';
import { PanelsView } from '../artifacts/panelsView';
import type { ChartInput, ChartServices, ChartView } from '../kind';
import { part } from '../plot/plotView';
import { curvePictures, offeredCurves } from './pictures';

/** Points of curves; where no run has any, the pictures that runs logged of them. */
export class CurveView implements ChartView<CurveSpec> {
  readonly element = part('div', 'plot-chart');
  private readonly bar = part('div', 'panels-bar');
  private readonly of = document.createElement('select');
  private readonly field: PathField;
  private readonly pictures: PanelsView<CurveSpec, ImageBitmap>;
  private spec: CurveSpec | null = null;
  private shown: ChartView<CurveSpec>;

  constructor(
    private readonly points: ChartView<CurveSpec>,
    private readonly hasNone: () => boolean,
    title: (spec: CurveSpec) => string,
    private readonly services: ChartServices,
  ) {
    this.field = new PathField(services.artifacts, {
      changed: (path) => services.change({ path }),
      offer: (artifacts, run) => offeredCurves(artifacts, run.runId),
    });
    this.pictures = new PanelsView(
      curvePictures(() => this.spec?.of ?? 'roc', title),
      services,
      false,
    );
    this.of.setAttribute('aria-label', t('Curve'));
    this.of.className = 'small';
    for (const [value, label] of [
      ['roc', t('ROC')],
      ['pr', t('Precision and recall')],
    ] as const) {
      this.of.add(new Option(label, value));
    }
    this.of.addEventListener('change', () => {
      const of = this.of.value === 'pr' ? 'pr' : 'roc';
      this.services.change({ of, path: otherPath(this.spec?.path ?? '', of) });
    });
    // Arrow keys choose here; they do not move through the curve.
    this.of.addEventListener('keydown', (event) => event.stopPropagation());
    this.bar.append(this.of, this.field.element);
    this.shown = points;
    this.element.append(this.bar, points.element);
  }

  update(input: ChartInput<CurveSpec>): void {
    this.spec = input.spec;
    this.of.value = input.spec.of;
    this.bar.hidden = input.runs.length === 0;
    this.field.update(input.spec.path, input.runs);
    const isPicture = pictureType(input.spec.path) !== null;
    if (!isPicture) this.points.update(input);
    this.show(isPicture || this.hasNone() ? this.pictures : this.points);
    if (this.shown === this.pictures) this.pictures.update(input);
  }

  get summary(): string {
    return this.shown.summary;
  }

  get description(): string {
    return this.shown.description;
  }

  table(): readonly (readonly (string | number)[])[] {
    return this.shown.table();
  }

  toPng(): Promise<Uint8Array> {
    return this.shown.toPng();
  }

  get hasSvg(): boolean {
    return this.shown.hasSvg;
  }

  toSvg(): string | null {
    return this.shown.toSvg();
  }

  onKey(event: KeyboardEvent): boolean {
    return this.shown.onKey?.(event) === true;
  }

  dispose(): void {
    this.points.dispose();
    this.pictures.dispose();
    this.element.remove();
  }

  private show(view: ChartView<CurveSpec>): void {
    if (view === this.shown) return;
    this.shown.element.replaceWith(view.element);
    this.shown = view;
  }
}

/** A path that follows from the kind of curve goes with it; another one stays. */
function otherPath(path: string, of: CurveSpec['of']): string {
  if (of === 'pr') return path === 'roc_curve.json' ? 'pr_curve.json' : path;
  return path === 'pr_curve.json' ? 'roc_curve.json' : path;
}
