import type { MatrixSpec } from '../../../src/model/chartSpec';
import { formatCount } from '../../../src/model/format';
import { type ConfusionMatrix, accuracyOf, readMatrix } from '../../../src/model/loggedMatrix';
import { pictureType } from '../../../src/model/loggedImage';
import { t } from '../../ui/l10n';
import { type Panels, PanelsView, type Size } from '../artifacts/panelsView';
import { endings, filesAtTop, readPicture, readText } from '../artifacts/reader';
import type { ChartKind } from '../kind';
import { fitted } from '../plot/axis';
import { frameOf, runsWord } from '../plot/columns';
import { drawPicture } from '../artifacts/drawPicture';
import { colourAt, isNearer, rampOf } from '../plot/ramp';
import type { Theme } from '../theme';

/** A matrix of what is true and what was said from a file of each run; a picture when there is nothing else. */
export const confusion: ChartKind<MatrixSpec> = {
  kind: 'confusion',
  label: t('Confusion Matrix'),
  icon: 'symbol-array',
  title: (spec) => t('Confusion matrix {0}', spec.path),
  wants: () => ({ series: [], columns: null }),
  propose: (id, columns) =>
    columns.length === 0
      ? null
      : { ...frameOf(id, 2), height: TALL, kind: 'confusion', path: 'confusion_matrix.json' },
  create: (services) => new PanelsView(panels, services),
};

const TALL = 340; // Pixels: two rows of panels.

type Value = { readonly matrix: ConfusionMatrix } | { readonly picture: ImageBitmap };

const panels: Panels<MatrixSpec, Value> = {
  isVector: (value) => 'matrix' in value,
  title: (spec) => t('Confusion matrix {0}', spec.path),
  async read(artifacts, run, path) {
    const texts = endings(path, ['json', 'csv']).filter((one) => pictureType(one) === null);
    const file = await readText(artifacts, run.runId, texts);
    const matrix = file === null ? null : readMatrix(file.path, file.text);
    if (matrix !== null) return { matrix };
    if (file !== null) throw new Error(t('{0} holds no square matrix of counts.', file.path));
    for (const one of [...endings(path, ['png']), ...autologged(path)].filter(
      (name) => pictureType(name) !== null,
    )) {
      const picture = await readPicture(artifacts, run.runId, one, pictureType(one) ?? 'image/png');
      if (picture !== null) return { picture };
    }
    return null;
  },
  offer: (artifacts, { runId }) => filesAtTop(artifacts, runId, /\.(json|csv)$|(confusion|cm).*\.png$/i),
  release: (value) => {
    if ('picture' in value) value.picture.close();
  },
  missing: (spec) =>
    t(
      'No run that is on has {0}. Log one with mlflow.log_dict({"labels": …, "matrix": …}, "{0}").',
      spec.path,
    ),
  caption: (value) => ('matrix' in value ? accuracyOf(value.matrix).toFixed(4) : t('picture')),
  paint(ctx, { value }, size, theme) {
    if ('picture' in value) drawPicture(ctx, value.picture, size, true);
    else drawMatrix(ctx, value.matrix, size, theme);
  },
  tell({ run, value }, size, x, y) {
    if ('picture' in value) return null;
    const { labels, counts } = value.matrix;
    const frame = frameIn(size, labels.length);
    const [row, column] = [
      Math.floor((y - frame.top) / frame.height),
      Math.floor((x - frame.left) / frame.width),
    ];
    const count = counts[row]?.[column];
    if (count === undefined) return null;
    const total = counts[row]?.reduce((sum, one) => sum + one, 0) ?? 0;
    return {
      name: run.name,
      slot: run.slot,
      facts: [
        [t('true'), labels[row] ?? ''],
        [t('predicted'), labels[column] ?? ''],
        [t('count'), formatCount(count)],
        [t('of this class'), total > 0 ? `${((100 * count) / total).toFixed(1)} %` : '–'],
      ],
    };
  },
  summary: (all) =>
    all.every(({ value }) => 'picture' in value)
      ? `${runsWord(all.length)}, ${t('pictures only')}`
      : `${runsWord(all.length)}, ${t('with their share on the diagonal')}, ${t('coloured by share of the true class')}`,
  description(spec, all) {
    const parts = all.map(({ run, value }) =>
      'matrix' in value
        ? t('{0}: {1} right', run.name, accuracyOf(value.matrix).toFixed(4))
        : t('{0}: a picture', run.name),
    );
    return t('Confusion matrix from {0}. {1}', spec.path, parts.join('; '));
  },
  rows: (all) => [
    ['run', t('true'), t('predicted'), t('count')],
    ...all.flatMap(({ run, value }) =>
      'matrix' in value
        ? value.matrix.counts.flatMap((row, at) =>
            row.map((count, column) => [
              run.name,
              value.matrix.labels[at] ?? '',
              value.matrix.labels[column] ?? '',
              count,
            ]),
          )
        : [],
    ),
  ],
};

/** What `mlflow.sklearn.autolog()` calls its picture. */
function autologged(path: string): readonly string[] {
  return /^confusion_matrix\.\w+$/.test(path) ? ['training_confusion_matrix.png'] : [];
}

interface Frame {
  readonly left: number;
  readonly top: number;
  /** Of one cell. */
  readonly width: number;
  readonly height: number;
}

const [LEFT, TOP, BOTTOM] = [34, 4, 16]; // The first label is higher than its row where rows are low.
const TWO_LINES = 34; // Pixels a cell needs to say its count and its share.

function frameIn(size: Size, count: number): Frame {
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(1, (size.width - LEFT) / count),
    height: Math.max(1, (size.height - TOP - BOTTOM) / count),
  };
}

function drawMatrix(
  ctx: CanvasRenderingContext2D,
  { labels, counts }: ConfusionMatrix,
  size: Size,
  theme: Theme,
): void {
  const ramp = rampOf(theme);
  const frame = frameIn(size, labels.length);
  const gap = Math.min(1, frame.width * 0.1);
  ctx.font = `${frame.width >= 30 ? 11 : 10}px ${theme.fontFamily}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const [row, line] of counts.entries()) {
    const total = line.reduce((sum, count) => sum + count, 0);
    for (const [column, count] of line.entries()) {
      const [x, y] = [frame.left + column * frame.width, frame.top + row * frame.height];
      const back = colourAt(ramp, total === 0 ? 0 : count / total);
      ctx.fillStyle = back;
      ctx.fillRect(x, y, frame.width - gap, frame.height - gap);
      if (theme.isHighContrast && row === column) {
        ctx.strokeStyle = theme.foreground;
        ctx.strokeRect(x + 0.5, y + 0.5, frame.width - gap - 1, frame.height - gap - 1);
      }
      const words = formatCount(count);
      if (count === 0 || frame.height < 12 || ctx.measureText(words).width > frame.width - 2) continue;
      ctx.fillStyle = isNearer(back, theme.background, theme.foreground)
        ? theme.foreground
        : theme.background;
      const share = `${Math.round((100 * count) / total)} %`;
      const hasShare = frame.height >= TWO_LINES && ctx.measureText(share).width <= frame.width - 2;
      ctx.fillText(words, x + frame.width / 2, y + frame.height / 2 - (hasShare ? 7 : 0));
      if (hasShare) ctx.fillText(share, x + frame.width / 2, y + frame.height / 2 + 7);
    }
  }
  ctx.fillStyle = theme.description;
  const everyRow = Math.max(1, Math.ceil(12 / frame.height));
  const everyColumn = Math.max(1, Math.ceil(18 / frame.width));
  for (const [index, label] of labels.entries()) {
    if (index % everyRow === 0) {
      ctx.textAlign = 'right';
      ctx.fillText(fitted(label, 5), LEFT - 5, frame.top + (index + 0.5) * frame.height);
    }
    if (index % everyColumn === 0) {
      ctx.textAlign = 'center';
      ctx.fillText(
        fitted(label, Math.max(2, Math.floor(frame.width / 6))),
        frame.left + (index + 0.5) * frame.width,
        size.height - 7,
      );
    }
  }
}
