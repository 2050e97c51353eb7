import type { CurveSpec } from '../../../src/model/chartSpec';
import { pictureType } from '../../../src/model/loggedImage';
import { t } from '../../ui/l10n';
import { drawPicture } from '../artifacts/drawPicture';
import type { Panels } from '../artifacts/panelsView';
import { runsWord } from '../plot/columns';
import { endings, filesAtTop, readPicture } from '../artifacts/reader';

/** What `mlflow.evaluate` and `mlflow.sklearn.autolog` call their pictures of these curves. */
const PICTURES = {
  roc: ['roc_curve_plot.png', 'training_roc_curve.png'],
  pr: ['precision_recall_curve_plot.png', 'training_precision_recall_curve.png'],
} as const;

/** Pictures of curves, for runs that logged nothing else. */
export function curvePictures(of: () => CurveSpec['of'], title: (spec: CurveSpec) => string) {
  const panels: Panels<CurveSpec, ImageBitmap> = {
    title,
    async read(artifacts, run, path) {
      const isPicture = pictureType(path) !== null;
      const names = isPicture ? [path] : [...endings(path, ['png']), ...PICTURES[of()]];
      for (const name of names) {
        const type = pictureType(name);
        const picture = type === null ? null : await readPicture(artifacts, run.runId, name, type);
        if (picture !== null) return picture;
      }
      return null;
    },
    release: (picture) => picture.close(),
    missing: (spec) => missingSentence(spec),
    caption: () => t('picture'),
    paint: (ctx, { value }, size) => drawPicture(ctx, value, size, true),
    summary: (all) => `${runsWord(all.length)}, ${t('pictures only')}`,
    description: (spec, all) =>
      `${title(spec)}. ${all.map(({ run }) => t('{0}: a picture', run.name)).join('; ')}`,
    rows: (all) => [['run'], ...all.map(({ run }) => [run.name])],
    offer: (artifacts, { runId }) => offeredCurves(artifacts, runId),
  };
  return panels;
}

/** Files of a run that may hold a curve. */
export function offeredCurves(
  artifacts: Parameters<typeof filesAtTop>[0],
  runId: Parameters<typeof filesAtTop>[1],
): Promise<readonly string[]> {
  return filesAtTop(artifacts, runId, /\.(json|csv)$|(roc|pr|precision|recall|curve).*\.png$/i);
}

/** What is said when no run has the file. */
export function missingSentence(spec: CurveSpec): string {
  const names = spec.of === 'roc' ? '"fpr": …, "tpr": …' : '"precision": …, "recall": …';
  return t('No run that is on has {0}. Log one with mlflow.log_dict({{1}}, "{0}").', spec.path, names);
}
