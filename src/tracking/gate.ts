import { createHash, timingSafeEqual } from 'node:crypto';
import { loggingToken } from '../platform/clientVariables';
import type { Attempt } from '../store/attempts';
import type { Failure } from './failures';

/**
 * Who asks: whoever has the server's token may do everything, an attempt what a training script needs, and a client
 * without an attempt (a terminal, a kernel) speaks MLflow only.
 */
export type Principal =
  | { readonly kind: 'owner' }
  | { readonly kind: 'client' }
  | { readonly kind: 'attempt'; readonly attempt: Attempt };

/** What the gate looks at. Header names are lower case; a header that came twice is joined by ', '. */
export interface GateRequest {
  readonly method: string;
  /** The path and query as they were sent, before any decoding. */
  readonly target: string;
  header(name: string): string | undefined;
}

export interface GateOptions {
  readonly port: () => number;
  readonly token: () => string;
  /** The attempt that a token (its SHA-256 in hexadecimal) belongs to, while the token counts. */
  readonly attemptOf: (tokenHash: string) => Attempt | null;
  /** Whether whoever may connect is the owner, token or not: for servers that a test owns. Web pages stay out. */
  readonly open?: boolean;
}

export type Verdict = { readonly principal: Principal | null } | { readonly refusal: Failure };

/** The one request without a token: it proves to a client that the server knows the token. */
export const CHALLENGE_PATH = '/api/winnow/challenge';

const POSTED_ARTIFACT_PATH = '/ajax-api/2.0/mlflow/upload-artifact';
const MLFLOW_PATHS = /^\/(?:(?:ajax-)?api\/[23]\.0\/mlflow(?:-artifacts)?\/|health$|version$|get-artifact$)/;
const NUDGE_PATH = '/api/winnow/attempts/nudge';
const ARTIFACT_PATH = /^\/api\/2\.0\/mlflow-artifacts\/artifacts\//;

/**
 * Decides about a request before anything else looks at it: it is for this very server, comes from no web
 * page, brings a token, and writes JSON only. Every route is behind it, those that do not exist too.
 */
export function createGate(options: GateOptions): (request: GateRequest) => Verdict {
  return (request) => {
    const path = request.target.split('?', 1)[0] ?? '';
    const refusal = addressRefusal(request, path, options.port()) ?? originRefusal(request);
    if (refusal !== null) return { refusal };
    const type = typeRefusal(request, path);
    if (path === CHALLENGE_PATH && request.method === 'POST') {
      return type === null ? { principal: null } : { refusal: type };
    }
    const principal =
      principalOf(request.header('authorization'), options) ?? (options.open === true ? OWNER : null);
    if (principal === null) return { refusal: UNAUTHENTICATED };
    if (type !== null) return { refusal: type };
    const isNudge = principal.kind === 'attempt' && path === NUDGE_PATH;
    if (principal.kind !== 'owner' && !MLFLOW_PATHS.test(path) && !isNudge) {
      return {
        refusal: {
          status: 403,
          code: 'PERMISSION_DENIED',
          message: 'This token is for logging only.',
        },
      };
    }
    return { principal };
  };
}

const OWNER: Principal = { kind: 'owner' };
const CLIENT: Principal = { kind: 'client' };

const UNAUTHENTICATED: Failure = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message:
    'This tracking server needs its token. Start the script with Winnow, or set the variables that `winnow env` prints.',
};

function forbidden(message: string): Failure {
  return { status: 403, code: 'PERMISSION_DENIED', message };
}

/** A name that a web page rebound to 127.0.0.1 arrives as another Host (DNS rebinding). */
function addressRefusal(request: GateRequest, path: string, port: number): Failure | null {
  const host = request.header('host')?.toLowerCase();
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return forbidden(`This server answers to 127.0.0.1:${port} only.`);
  }
  // A whole address in its place is for proxies, and could name another host than the header does.
  if (!path.startsWith('/') || isTraversal(path))
    return { status: 400, code: 'INVALID_PARAMETER_VALUE', message: 'Invalid path' };
  return null;
}

/** Browsers send these with every request of a page; MLflow's clients and Winnow's own never do. */
function originRefusal(request: GateRequest): Failure | null {
  if (request.header('origin') !== undefined) return forbidden('Requests of web pages are not answered.');
  const site = request.header('sec-fetch-site');
  if (site !== undefined && site !== 'none') return forbidden('Requests of web pages are not answered.');
  if (request.method === 'OPTIONS') return forbidden('Requests of web pages are not answered.');
  return null;
}

/** A form of a web page can send text/plain without asking first; it cannot send JSON. */
function typeRefusal(request: GateRequest, path: string): Failure | null {
  if (!['POST', 'PUT', 'PATCH'].includes(request.method)) return null;
  const type = (request.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return null;
  // Uploads have the type of the file, or none. They are PUTs, which no form of a page can send.
  if (request.method === 'PUT' && ARTIFACT_PATH.test(path)) return null;
  // Nor can one send this type.
  if (path === POSTED_ARTIFACT_PATH && type === 'application/octet-stream') return null;
  return {
    status: 415,
    code: 'BAD_REQUEST',
    message: "Bad Request. Content-Type must be one of ['application/json'].",
  };
}

function principalOf(authorization: string | undefined, options: GateOptions): Principal | null {
  const token = tokenOf(authorization);
  if (token === null) return null;
  const digest = createHash('sha256').update(token).digest();
  const own = createHash('sha256').update(options.token()).digest();
  if (timingSafeEqual(digest, own)) return OWNER;
  const logging = createHash('sha256').update(loggingToken(options.token())).digest();
  if (timingSafeEqual(digest, logging)) return CLIENT;
  // Looked up by its digest: how long that takes says nothing about the token.
  const attempt = options.attemptOf(digest.toString('hex'));
  return attempt === null ? null : { kind: 'attempt', attempt };
}

/** Bearer, or Basic with the token as the password: MLflow's client prefers user and password when it has them. */
function tokenOf(authorization: string | undefined): string | null {
  const match = /^(bearer|basic) +([^\s,]+)$/i.exec(authorization ?? '');
  const [, scheme, credentials] = match ?? [];
  if (scheme === undefined || credentials === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return credentials;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? null : decoded.slice(colon + 1);
}

/** Whether a path climbs, however often it is encoded: judged once, before a router or a URL normalises it. */
export function isTraversal(path: string): boolean {
  let text = path;
  for (let round = 0; round < 5; round++) {
    if (/[\\\0]/.test(text) || text.split('/').some((part) => part === '..' || part === '.')) return true;
    let decoded: string;
    try {
      decoded = decodeURIComponent(text);
    } catch {
      return round === 0; // A percent sign of the name itself, once it was decoded; else broken encoding.
    }
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}
