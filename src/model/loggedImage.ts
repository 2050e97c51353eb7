/** A picture of a run by its step. */
export interface LoggedImage {
  /** What it shows: the key that `mlflow.log_image` was given, or the name without its step. */
  readonly key: string;
  /** 0 for one that has none. */
  readonly step: number;
  /** When it was logged, epoch milliseconds; 0 when its name does not say. */
  readonly loggedAt: number;
}

const PICTURE = /\.(png|jpe?g|webp|gif|bmp|svg)$/i;

/**
 * A file's place among a run's pictures; null when it is none. `mlflow.log_image(image, key=…, step=…)` writes
 * `key+step+N+timestamp+T+uuid.png` (with % in place of + before 2.20; / of keys is ~) and a smaller `+compressed.webp`
 * beside it, which is left out. Other pictures are known by a number after "step", "epoch" or at the end of their names.
 */
export function readImageName(name: string): LoggedImage | null {
  if (!PICTURE.test(name)) return null;
  const logged = /^(.*)([+%])step\2(-?\d+)\2timestamp\2(\d+)\2([^+%]+?)(?:\2compressed)?\.\w+$/.exec(name);
  if (logged !== null) {
    if (/[+%]compressed\.\w+$/.test(name)) return null;
    return {
      key: (logged[1] ?? '').replaceAll('~', '/'),
      step: Number(logged[3]),
      loggedAt: Number(logged[4]),
    };
  }
  const plain = name.replace(PICTURE, '');
  const numbered = numberedName(plain);
  return numbered === null ? { key: plain, step: 0, loggedAt: 0 } : { ...numbered, loggedAt: 0 };
}

/** The step that a file's name has after "step", "epoch" or at its end; null: it has none. */
export function stepIn(name: string): number | null {
  return numberedName(name.replace(/\.\w+$/, ''))?.step ?? null;
}

function numberedName(plain: string): { readonly key: string; readonly step: number } | null {
  const numbered =
    /^(.*?)[-_. ]?(?:global_?step|step|epoch|iter|iteration)[-_= ]?(\d+)(.*)$/i.exec(plain) ??
    /^(.*?)[-_. ]?(\d+)()$/.exec(plain);
  if (numbered === null) return null;
  const key = `${numbered[1] ?? ''}${numbered[3] ?? ''}`.replace(/^[-_. ]+|[-_. ]+$/g, '');
  return { key, step: Number(numbered[2]) };
}

/** Whether a browser is shown the file as a picture, and as what. Null: it is none. SVG is not: it can hold script. */
export function pictureType(name: string): string | null {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const types: Readonly<Record<string, string>> = {
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    webp: 'image/webp',
    gif: 'image/gif',
    bmp: 'image/bmp',
  };
  return types[ending] ?? null;
}
