import { RequestError } from './failures';
import { isTraversal } from './gate';

/** The folder beside the experiments where uploads grow until they are whole. No path of a client leads there. */
export const INCOMING = '.incoming';

const MAX_LENGTH = 4096;
const MAX_PART_BYTES = 255; // Of every common file system.
const DEVICE_NAMES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * A path that a client named, checked: relative, no empty, climbing or hidden part in any encoding, nothing
 * that means something else on another system. A slash at its end is taken off.
 * @throws RequestError 400 'Invalid path'.
 */
export function checkedPath(relative: string): string {
  const parts = relative.replace(/\/$/, '').split('/');
  const bad =
    relative.length > MAX_LENGTH ||
    /\p{Surrogate}/u.test(relative) ||
    isTraversal(encodeURI(relative)) ||
    /^[A-Za-z]:/.test(relative) ||
    /[\\?#]/.test(relative) ||
    (process.platform === 'win32' && relative.includes(':')) || // A stream of another file.
    hasControl(relative) ||
    parts.some(
      (part) =>
        part === '' ||
        part === INCOMING ||
        /^[A-Za-z]:$/.test(part) ||
        /[. ]$/.test(part) ||
        DEVICE_NAMES.test(part) ||
        Buffer.byteLength(part) > MAX_PART_BYTES,
    );
  if (bad) throw invalidPath();
  return parts.join('/');
}

export function invalidPath(options?: ErrorOptions): RequestError {
  return new RequestError('INVALID_PARAMETER_VALUE', 'Invalid path', options);
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32) return true;
  return false;
}
