import type { ImagesSpec } from '../../../src/model/chartSpec';
import { formatCount } from '../../../src/model/format';
import { pictureType, readImageName } from '../../../src/model/loggedImage';
import { t } from '../../ui/l10n';
import { drawPicture } from '../artifacts/drawPicture';
import { type Panels, PanelsView } from '../artifacts/panelsView';
import { type Artifacts, readFolder, readPicture } from '../artifacts/reader';
import type { ChartKind } from '../kind';
import { frameOf, runsWord } from '../plot/columns';
import { formatStep } from '../ticks';

/** Pictures that runs logged, by step with a slider, side by side. */
export const images: ChartKind<ImagesSpec> = {
  kind: 'images',
  label: t('Images by Step'),
  icon: 'file-media',
  title,
  wants: () => ({ series: [], columns: null }),
  propose: (id, columns) =>
    columns.length === 0 ? null : { ...frameOf(id, 2), height: TALL, kind: 'images', path: 'images' },
  create: (services) => new PanelsView(panels, services),
};

function title(spec: ImagesSpec): string {
  return t('Images {0}', spec.path);
}

const TALL = 340; // Pixels: two rows of panels.
const MOST_NAMED = 6;
const KEPT = 6; // Decoded pictures a run: those around the step that is shown.
const SMALL = 128; // Pixels; below it a picture's pixels are meant to be seen.

interface Picture {
  readonly step: number;
  readonly path: string;
  readonly type: string;
}

/** A run's pictures; those that were shown last are decoded. */
interface Pictures {
  readonly key: string;
  readonly all: readonly Picture[];
  /** What else the folder has, as paths that show it. */
  readonly otherKeys: readonly string[];
  /** Whether the folder has more files than were looked at. */
  readonly hasMore: boolean;
  readonly decoded: Map<string, ImageBitmap | 'reading' | 'broken'>;
  readonly load: (picture: Picture) => void;
  readonly isGone: { value: boolean };
}

const panels: Panels<ImagesSpec, Pictures> = {
  title,
  async read(artifacts, run, path, changed) {
    const found = await findPictures(artifacts, run.runId, path);
    if (found === null) return null;
    const decoded: Pictures['decoded'] = new Map();
    const isGone = { value: false };
    const load = (picture: Picture) => {
      decoded.set(picture.path, 'reading');
      void readPicture(artifacts, run.runId, picture.path, picture.type)
        .catch(() => null)
        .then((bitmap) => {
          if (isGone.value) return bitmap?.close();
          decoded.set(picture.path, bitmap ?? 'broken');
          for (const [old, one] of decoded) {
            if (decoded.size <= KEPT) break;
            if (old === picture.path || one === 'reading') continue;
            if (one !== 'broken') one.close();
            decoded.delete(old);
          }
          changed();
        });
    };
    return { ...found, decoded, load, isGone };
  },
  release(value) {
    value.isGone.value = true;
    for (const one of value.decoded.values()) if (typeof one !== 'string') one.close();
    value.decoded.clear();
  },
  missing: (spec) =>
    t(
      'No run that is on has pictures in {0}. Log them with mlflow.log_image(image, key="samples", step=step).',
      spec.path,
    ),
  places: (all) =>
    [...new Set(all.flatMap(({ value }) => value.all.map(({ step }) => step)))].sort((a, b) => a - b),
  placeWord: (step) => t('step {0}', formatStep(step)),
  caption(value, at) {
    const shown = pictureAt(value, at);
    if (shown === null) return '';
    return shown.step === at ? '' : t('step {0}', formatStep(shown.step));
  },
  paint(ctx, { value }, size, theme, at) {
    const shown = pictureAt(value, at);
    const one = shown === null ? undefined : value.decoded.get(shown.path);
    if (shown !== null && one === undefined) value.load(shown);
    if (one !== undefined && typeof one !== 'string') {
      drawPicture(ctx, one, size, Math.max(one.width, one.height) > SMALL);
      return;
    }
    if (one !== 'broken' && shown !== null) return;
    ctx.fillStyle = theme.description;
    ctx.font = `11px ${theme.fontFamily}`;
    ctx.fillText(
      shown === null ? t('none up to this step') : t('This picture cannot be read.'),
      0,
      14,
      size.width,
    );
  },
  async offer(artifacts, { runId }) {
    const [top, logged] = await Promise.all([
      readFolder(artifacts, runId, ''),
      readFolder(artifacts, runId, 'images'),
    ]);
    const folders = (top?.entries ?? []).filter(({ isFolder }) => isFolder).map(({ name }) => name);
    const keys = (logged?.entries ?? []).map(({ name }) => readImageName(name)?.key ?? '');
    return [...folders, ...new Set(keys)].filter((path) => path !== '');
  },
  left(all) {
    const others = [...new Set(all.flatMap(({ value }) => value.otherKeys))].sort();
    const cut = all.filter(({ value }) => value.hasMore).map(({ run }) => run.name);
    const named = others.slice(0, MOST_NAMED).join(', ');
    return [
      ...(others.length > MOST_NAMED
        ? [t('Also there: {0} and {1} more.', named, others.length - MOST_NAMED)]
        : others.length > 0
          ? [t('Also there: {0}.', named)]
          : []),
      ...(cut.length > 0
        ? [t('The folder is too large; some files are left out of {0}.', cut.join(', '))]
        : []),
    ];
  },
  summary: (all, at) =>
    [
      ...new Set(all.map(({ value }) => value.key)),
      `${runsWord(all.length)}, ${t('step {0}', formatStep(at))}`,
    ]
      .filter(Boolean)
      .join(', '),
  description(spec, all, at) {
    const parts = all.map(({ run, value }) =>
      value.all.length === 1
        ? t('{0}: 1 picture', run.name)
        : t('{0}: {1} pictures', run.name, formatCount(value.all.length)),
    );
    return t('Pictures of {0} at step {1}. {2}', spec.path, formatStep(at), parts.join('; '));
  },
  rows: (all) => [
    ['run', 'step', t('file')],
    ...all.flatMap(({ run, value }) => value.all.map(({ step, path }) => [run.name, step, path])),
  ],
};

/** The picture of a step, or the last before it. */
function pictureAt(value: Pictures, at: number): Picture | null {
  return value.all.findLast(({ step }) => step <= at) ?? null;
}

/** A run's pictures under a folder, or of a key of `mlflow.log_image`: of several keys the first. */
async function findPictures(
  artifacts: Artifacts,
  runId: Parameters<Artifacts['listArtifacts']>[0]['runId'],
  path: string,
): Promise<Pick<Pictures, 'key' | 'all' | 'otherKeys' | 'hasMore'> | null> {
  const clean = path.replace(/^\/+|\/+$/g, '');
  const slash = clean.lastIndexOf('/');
  for (const { folder, key } of [
    { folder: clean, key: null },
    { folder: 'images', key: clean },
    ...(slash > 0 ? [{ folder: clean.slice(0, slash), key: clean.slice(slash + 1) }] : []),
  ]) {
    const listed = await readFolder(artifacts, runId, folder);
    if (listed === null) continue;
    const named = listed.entries.flatMap(({ name, isFolder }) => {
      const image = isFolder ? null : readImageName(name);
      const type = pictureType(name);
      return image === null || type === null ? [] : [{ name, image, type }];
    });
    const keys = [...new Set(named.map(({ image }) => image.key))].sort();
    const first = key ?? keys[0];
    const all = named
      .filter(({ image }) => image.key === first)
      // Of two of one step the later one counts.
      .sort((a, b) => a.image.step - b.image.step || a.image.loggedAt - b.image.loggedAt)
      .map(({ name, image, type }) => ({
        step: image.step,
        type,
        path: folder === '' ? name : `${folder}/${name}`,
      }));
    const others = key === null ? keys.filter((one) => one !== first && one !== '') : [];
    const otherKeys = others.map((one) => (folder === 'images' ? one : `${folder}/${one}`));
    if (all.length > 0) return { key: first ?? '', all, otherKeys, hasMore: listed.hasMore };
  }
  return null;
}
