import { type PythonFile, nodesOf, textOf } from '../python';

/** An import: `from .options import get_parser`, `import config as c`. */
export interface Import {
  /** `options` of `from .options import …`; empty for `from . import x`. */
  readonly module: string;
  /** How many dots stand in front. */
  readonly level: number;
  /** The names that are taken from it; null when the module itself is imported. */
  readonly names: readonly string[] | null;
  /** What of the module is used as `module.name`. */
  readonly attributes: readonly string[];
  /** For a name that may be a module of a package: what of it is used as `name.x`. */
  attributesOf(name: string): readonly string[];
}

export function importsOf(file: PythonFile): readonly Import[] {
  return nodesOf(file, 'ImportStatement').flatMap((node): readonly Import[] => {
    const text = textOf(file, node)
      .replace(/#.*$/gm, '')
      .replace(/[()\\]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const [, dots = '', module = '', list] = /^from (\.* ?\.*) ?([\w.]*) import (.+)$/.exec(text) ?? [];
    if (list !== undefined) {
      const names = list.split(',').flatMap((part) => aliased(part) ?? []);
      const attributesOf = (name: string) =>
        attributesIn(file, names.find((one) => one.name === name)?.alias ?? name);
      const level = dots.replaceAll(' ', '').length;
      return [{ module, level, names: names.map(({ name }) => name), attributes: [], attributesOf }];
    }
    const plain = /^import (.+)$/.exec(text)?.[1];
    if (plain === undefined) return [];
    return plain.split(',').flatMap((part) => {
      const one = aliased(part);
      if (one === null) return [];
      const attributes = attributesIn(file, one.alias);
      return [{ module: one.name, level: 0, names: null, attributes, attributesOf: () => [] }];
    });
  });
}

/** Where the module of an import may lie, and which of its names are used. */
export function pathsOf(
  wanted: Import,
  script: string,
  importer: string,
): readonly { readonly path: string; readonly names: readonly string[] }[] {
  const top = wanted.module.split('.')[0] ?? '';
  if (wanted.level === 0 && KNOWN_PACKAGES.has(top)) return [];
  const folders =
    wanted.level === 0 ? [folderOf(script), ''] : [upwards(folderOf(importer), wanted.level - 1)];
  const parts = wanted.module === '' ? [] : wanted.module.split('.');
  return [...new Set(folders)].flatMap((folder) => {
    if (folder === null) return [];
    const base = joined([folder, ...parts]);
    const names = wanted.names ?? wanted.attributes;
    const own = base === '' ? [] : [`${base}.py`, `${base}/__init__.py`].map((path) => ({ path, names }));
    const inner = (wanted.names ?? []).flatMap((name) => {
      const attributes = wanted.attributesOf(name);
      // `from package import module`: what is used with a dot behind it may be one.
      if (name === '*' || attributes.length === 0) return [];
      return [{ path: joined([base, `${name}.py`]), names: attributes }];
    });
    return [...own, ...inner];
  });
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** Parts of a path, put together; empty ones are left out. */
export function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

function upwards(folder: string, levels: number): string | null {
  let current = folder;
  for (let level = 0; level < levels; level += 1) {
    if (current === '') return null;
    current = folderOf(current);
  }
  return current;
}

function aliased(part: string): { readonly name: string; readonly alias: string } | null {
  const [, name, alias] = /^\s*([\w.]+|\*)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
  return name === undefined ? null : { name, alias: alias ?? name };
}

function attributesIn(file: PythonFile, variable: string): readonly string[] {
  const names = new Set<string>();
  for (const node of nodesOf(file, 'MemberExpression')) {
    const property = node.getChild('PropertyName');
    if (property === null || node.firstChild === null) continue;
    if (textOf(file, node.firstChild) === variable) names.add(textOf(file, property));
  }
  return [...names];
}

/** Packages that are no file of the project: not even looked for. */
const KNOWN_PACKAGES = new Set(
  (
    '__future__ abc argparse ast asyncio base64 bisect collections concurrent contextlib copy csv ctypes dataclasses ' +
    'datetime decimal enum errno fnmatch fractions functools gc glob gzip hashlib heapq importlib inspect io ' +
    'itertools json logging math multiprocessing operator os pathlib pickle platform pprint queue random re shutil ' +
    'signal socket sqlite3 statistics string struct subprocess sys tempfile textwrap threading time tomllib traceback ' +
    'types typing typing_extensions unittest urllib uuid warnings weakref yaml zipfile ' +
    'absl accelerate catboost click cv2 datasets draccus einops fire flax gym gymnasium hydra jax joblib keras lightgbm ' +
    'lightning matplotlib mlflow networkx numba numpy omegaconf optax optuna pandas peft PIL plotly polars pyarrow ' +
    'pydantic pyrallis pytest pytorch_lightning ray requests rich ruamel scipy seaborn sentencepiece simple_parsing ' +
    'skimage sklearn spacy statsmodels tensorboard tensorboardX tensorflow timm tokenizers toml torch torchaudio ' +
    'torchmetrics torchvision tqdm transformers trl typer tyro ultralytics wandb xgboost'
  ).split(' '),
);
