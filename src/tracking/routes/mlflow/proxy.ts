import { Readable } from 'node:stream';
import { UserError } from '../../../base/errors';
import type { AppDeps } from '../../app';
import { checkedPath, invalidPath } from '../../artifactPath';
import { RequestError } from '../../failures';
import { type FileAnswer, type FileRoute, fileAnswer } from '../../files';
import { JSON_HEADERS, queryOf, readBytes } from '../../http';
import { artifactFolder } from './artifactFolders';
import { readRunId } from './wire';

const PROXY = '/api/2.0/mlflow-artifacts';
const MAX_POSTED_BYTES = 10 * 1024 * 1024; // As in MLflow: its web pages post small files this way.

/** MLflow's artifact proxy: files of runs, models and traces are written and read through the server. */
export function artifactFileRoutes({ store, artifacts }: Pick<AppDeps, 'store' | 'artifacts'>): FileRoute[] {
  /** A path in the folder of a run, a model or a trace that is there. */
  function readable(relative: string): string {
    const path = checkedPath(relative);
    artifactFolder(store, path, false);
    return path;
  }

  /** The same, of what may be changed; the folder itself may not. */
  function writable(relative: string): string {
    const path = checkedPath(relative);
    if (path === artifactFolder(store, path, true)) throw invalidPath();
    if (store.readOnly !== null) throw new UserError('store-read-only', store.readOnly);
    return path;
  }

  /** A file of a run, as routes outside the proxy name it. */
  function fileOfRun(target: string): string {
    const query = queryOf(target);
    const { experimentId, runId } = store.runHead(readRunId(query));
    const { path } = query;
    if (typeof path !== 'string' || path === '') {
      throw new UserError('invalid', 'Request must specify path.');
    }
    return `${experimentId}/${runId}/artifacts/${path}`;
  }

  return [
    {
      method: 'GET',
      path: `${PROXY}/artifacts`,
      async handle({ request }) {
        const { path } = queryOf(request.target);
        const { entries } = await artifacts.list(readable(typeof path === 'string' ? path : ''));
        const files = entries.map(({ name, isDirectory, sizeBytes }) => ({
          path: name,
          is_dir: isDirectory,
          ...(isDirectory ? {} : { file_size: sizeBytes }),
        }));
        return jsonAnswer(files.length > 0 ? { files } : {});
      },
    },
    {
      method: 'GET',
      path: `${PROXY}/artifacts/*`,
      handle({ request, rest }) {
        const path = readable(decoded(rest));
        return fileAnswer(request, path, artifacts.open(path));
      },
    },
    {
      method: 'PUT',
      path: `${PROXY}/artifacts/*`,
      async handle({ request, rest, body }) {
        await artifacts.write(writable(decoded(rest)), body, Number(request.header('content-length') ?? 0));
        return jsonAnswer({});
      },
    },
    {
      method: 'DELETE',
      path: `${PROXY}/artifacts/*`,
      async handle({ rest }) {
        await artifacts.remove(writable(decoded(rest)));
        return jsonAnswer({});
      },
    },
    {
      method: 'GET',
      path: '/get-artifact',
      handle({ request }) {
        const path = readable(fileOfRun(request.target));
        return fileAnswer(request, path, artifacts.open(path));
      },
    },
    {
      method: 'POST',
      path: '/ajax-api/2.0/mlflow/upload-artifact',
      async handle({ request, body }) {
        const path = writable(fileOfRun(request.target));
        const bytes =
          body === null
            ? Buffer.alloc(0)
            : await readBytes(body, request.header('content-length'), MAX_POSTED_BYTES);
        if (bytes.length === 0) throw new UserError('invalid', 'Request must specify data.');
        await artifacts.write(path, Readable.from([bytes]));
        return jsonAnswer({});
      },
    },
    // The client goes on without: it looks for the status in one case and for the words in the other.
    ...(['create', 'complete', 'abort'] as const).map((step): FileRoute => {
      return { method: 'POST', path: `${PROXY}/mpu/${step}/*`, handle: () => notImplemented('upload') };
    }),
    { method: 'GET', path: `${PROXY}/presigned/*`, handle: () => notImplemented('download') },
  ];
}

function jsonAnswer(body: object): FileAnswer {
  const text = JSON.stringify(body);
  return { status: 200, headers: { ...JSON_HEADERS, 'content-length': Buffer.byteLength(text) }, body: text };
}

function notImplemented(what: 'upload' | 'download'): never {
  throw new RequestError(
    'NOT_IMPLEMENTED',
    `Multipart ${what} is not supported for the current artifact repository`,
  );
}

/** What stands in a path, decoded once. */
function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    throw invalidPath({ cause: error });
  }
}
