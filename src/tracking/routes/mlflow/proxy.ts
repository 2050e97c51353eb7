import path from 'node:path';
import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import { UserError } from '../../../base/errors';
import type { AppDeps } from '../../app';
import { type AppEnv, bodyOf, json } from '../../http';
import { checkedPath } from '../../artifacts';
import { RequestError } from '../../failures';
import { artifactFolder } from './artifactFolders';

const PREFIX = '/api/2.0/mlflow-artifacts/artifacts';

/** Types that a viewer wants to know; none of them is ever shown in place (see the headers below). */
const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.html': 'text/html',
  '.md': 'text/markdown',
  '.yaml': 'text/yaml',
};

/** MLflow's artifact proxy: files of runs, models and traces are written and read through the server. */
export function registerArtifactProxy(app: Hono<AppEnv>, { store, artifacts }: AppDeps): void {
  /** A path in the folder of a run, a model or a trace that is there. */
  function checked(relative: string, mustBeActive: boolean): string {
    const safe = checkedPath(relative);
    artifactFolder(store, safe, mustBeActive);
    return safe;
  }

  app.get(PREFIX, async (c) => {
    const relative = c.req.query('path') ?? '';
    const entries = await artifacts.list(checked(relative, false));
    const files = entries.map(({ name, isDirectory, sizeBytes }) => ({
      path: name,
      is_dir: isDirectory,
      ...(isDirectory ? {} : { file_size: sizeBytes }),
    }));
    return json(files.length > 0 ? { files } : {});
  });

  app.get(`${PREFIX}/*`, async (c) => {
    const relative = checked(relativeOf(c), false);
    const { stream, sizeBytes } = await artifacts.read(relative);
    return new Response(Readable.toWeb(stream) as ReadableStream, {
      headers: {
        'content-type': TYPES[path.extname(relative).toLowerCase()] ?? 'application/octet-stream',
        'content-length': String(sizeBytes),
        // A page that was logged must never run as a page of this server.
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.basename(relative))}`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
  });

  app.put(`${PREFIX}/*`, async (c) => {
    const relative = checked(relativeOf(c), true);
    await artifacts.write(relative, bodyOf(c), c.req.raw.signal);
    return json({});
  });

  app.delete(`${PREFIX}/*`, async (c) => {
    const relative = checked(relativeOf(c), true);
    if (relative === artifactFolder(store, relative, true)) throw new UserError('invalid', 'Invalid path');
    await artifacts.remove(relative);
    return json({});
  });
}

/** The path below the prefix, decoded once. */
function relativeOf(c: Context<AppEnv>): string {
  const target = c.env?.incoming?.url ?? new URL(c.req.url).pathname;
  const raw = (target.split('?', 1)[0] ?? '').slice(PREFIX.length + 1);
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    throw new RequestError('INVALID_PARAMETER_VALUE', 'Invalid path', { cause: error });
  }
}
