import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { once } from '../base/once';
import type { Interpreter } from './probe';

const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 50;

/**
 * The installed packages as `pip freeze` lists them, read from their metadata: the same lines in a few
 * milliseconds, also where there is no pip. An editable one is `-e <folder>  # <name>==<version>`. Kept as long as
 * the folders of packages do not change.
 */
export async function packagesOf({ version, paths }: Interpreter): Promise<readonly string[]> {
  const key = [version, ...(await Promise.all(paths.map(stampOf)))].join('\n');
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = new Map<string, Installed>();
  for (const folder of paths) {
    for (const each of await installedIn(folder)) {
      // The first folder of the path wins, as at an import.
      if (!found.has(each.canonical)) found.set(each.canonical, each);
    }
  }
  const lines = [...found.values()]
    .filter(({ canonical }) => !leftOut(version).includes(canonical))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ line }) => line);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, lines);
  return lines;
}

interface Installed {
  /** As PEP 503 compares names. */
  readonly canonical: string;
  /** In lower case, which the list is sorted by. */
  readonly name: string;
  readonly line: string;
}

/** As pip's freeze: the tools that install. */
function leftOut(version: string): readonly string[] {
  const minor = Number(version.split('.')[1]);
  return minor < 12 ? ['pip', 'setuptools', 'wheel', 'distribute'] : ['pip'];
}

async function stampOf(folder: string): Promise<string> {
  return `${folder}:${(await stat(folder).catch(() => null))?.mtimeMs ?? ''}`;
}

async function installedIn(folder: string): Promise<Installed[]> {
  const names = await readdir(folder).catch(() => []); // A zip of the standard library, or a folder that is not there.
  const read = names
    .filter((name) => /\.(dist|egg)-info$/.test(name))
    .map((name) => readInstalled(path.join(folder, name)));
  return (await Promise.all(read)).filter((each) => each !== null);
}

async function readInstalled(entry: string): Promise<Installed | null> {
  const head =
    (await headOf(path.join(entry, 'METADATA'))) ??
    (await headOf(path.join(entry, 'PKG-INFO'))) ??
    (await headOf(entry));
  const name = head?.match(/^Name:\s*(\S+)/im)?.[1];
  const version = head?.match(/^Version:\s*(\S+)/im)?.[1];
  if (name === undefined || version === undefined) return null;
  const canonical = name.toLowerCase().replace(/[-_.]+/g, '-');
  return {
    canonical,
    name: name.toLowerCase(),
    line: (await directLine(entry, name, version)) ?? `${name}==${version}`,
  };
}

/** The headers of a file of metadata: the words below them are long and say nothing of it. */
async function headOf(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null); // Another kind of metadata, or none.
  return text === null ? null : (text.split(/\r?\n\r?\n/, 1)[0] ?? '');
}

/** See the specification of direct_url.json, "Recording the Direct URL Origin of installed distributions". */
const directUrl = once(() =>
  z.object({
    url: z.string(),
    subdirectory: z.optional(z.string()),
    dir_info: z.optional(z.object({ editable: z.optional(z.boolean()) })),
    vcs_info: z.optional(z.object({ vcs: z.string(), commit_id: z.string() })),
    archive_info: z.optional(
      z.object({ hash: z.optional(z.string()), hashes: z.optional(z.record(z.string(), z.string())) }),
    ),
  }),
);

async function directLine(entry: string, name: string, version: string): Promise<string | null> {
  const text = await readFile(path.join(entry, 'direct_url.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { url, subdirectory, dir_info, vcs_info, archive_info } = directUrl().parse(JSON.parse(text));
    if (dir_info?.editable === true) return `-e ${fileURLToPath(url)}  # ${name}==${version}`;
    const from = vcs_info === undefined ? url : `${vcs_info.vcs}+${url}@${vcs_info.commit_id}`;
    const [algorithm, digest] = Object.entries(archive_info?.hashes ?? {})[0] ?? [];
    const hash = archive_info?.hash ?? (algorithm === undefined ? undefined : `${algorithm}=${digest}`);
    const fragments = [hash, subdirectory === undefined ? undefined : `subdirectory=${subdirectory}`];
    const known = fragments.filter((each) => each !== undefined);
    return `${name} @ ${from}${known.length === 0 ? '' : `#${known.join('&')}`}`;
  } catch {
    /* Damaged: its version is known all the same. */
    return null;
  }
}
