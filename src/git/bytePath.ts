/**
 * A path as git has it: bytes, one character a byte, with '/' between the parts. File names are not always
 * UTF-8, and a snapshot keeps them as they are. Text is for showing only.
 */
export type BytePath = string & { readonly __brand: 'BytePath' };

/** The paths of an answer with -z. */
export function splitPaths(answer: Buffer): BytePath[] {
  const parts = answer.toString('latin1').split('\0');
  parts.pop(); // After the last NUL stands nothing.
  return parts.map(toBytePath);
}

/** The path of a text that a person or a program wrote in UTF-8. */
export function bytePath(text: string): BytePath {
  return toBytePath(isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1'));
}

/** For people. A name that is no UTF-8 is shown with replacement characters. */
export function pathText(path: BytePath): string {
  return isAscii(path) ? path : Buffer.from(path, 'latin1').toString('utf8');
}

export function pathBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** What the file functions of Node take: a Buffer only where a text would lose something. */
export function inFolder(folder: string, path: BytePath): string | Buffer {
  if (isAscii(path)) return `${folder}/${path}`;
  return Buffer.concat([Buffer.from(`${folder}/`, 'utf8'), pathBytes(path)]);
}

export function joinPaths(parent: BytePath, child: BytePath): BytePath {
  return parent === '' ? child : toBytePath(`${parent}/${child}`);
}

/** The folder that a path is in; '' at the top. */
export function parentOf(path: BytePath): BytePath {
  return toBytePath(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}

/** In double quotes, as git's line-based inputs want a path with anything unusual in it. */
export function quotePath(path: BytePath): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/[\0-\x1f\x7f]/g, octal)}"`;
}

export function toBytePath(bytes: string): BytePath {
  return bytes as BytePath;
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}
