import type { Artifacts } from '../../artifacts';
import { pageToken, readPageToken } from './wire';

const PAGE = 10_000;

/** A page of the files of a folder of artifacts, with paths relative to it, as MLflow's answers have them. */
export async function artifactListing(
  artifacts: Pick<Artifacts, 'list'>,
  folder: string,
  below: string | undefined,
  token: string | undefined,
): Promise<{ readonly files?: readonly object[]; readonly next_page_token?: string }> {
  const offset = readPageToken(token);
  const path = (below ?? '').replace(/\/$/, '');
  const entries = await artifacts.list(path === '' ? folder : `${folder}/${path}`);
  const files = entries.slice(offset, offset + PAGE).map(({ name, isDirectory, sizeBytes }) => ({
    path: path === '' ? name : `${path}/${name}`,
    is_dir: isDirectory,
    ...(isDirectory ? {} : { file_size: sizeBytes }),
  }));
  return {
    ...(files.length > 0 ? { files } : {}),
    ...(entries.length > offset + PAGE ? { next_page_token: pageToken(offset + PAGE) } : {}),
  };
}
