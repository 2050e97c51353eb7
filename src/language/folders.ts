import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Connection, createClient } from '../api/client';
import type { ConnectionParams } from '../api/language';
import { type UsageSource, usageFrom } from './usage';

/** The folders that have a tracking server, as the window says. */
export class Folders {
  private readonly usages = new Map<string, UsageSource>();

  /** @param connect turns a connection into facts; tests bring their own. */
  constructor(private readonly connect = (connection: Connection) => usageFrom(createClient(connection))) {}

  set({ folder, connection }: ConnectionParams): void {
    const key = path.resolve(folder);
    if (connection === null) this.usages.delete(key);
    else this.usages.set(key, this.connect(connection));
  }

  /** The innermost folder with a tracking server that a document lies in, or null. */
  of(
    uri: string,
  ): { readonly folder: string; readonly usage: UsageSource; readonly fileName: string } | null {
    const file = fileOf(uri);
    if (file === null) return null;
    const holding = [...this.usages].filter(([folder]) => isInside(folder, file));
    const innermost = holding.sort(([a], [b]) => b.length - a.length)[0];
    if (innermost === undefined) return null;
    const [folder, usage] = innermost;
    return { folder, usage, fileName: path.basename(file) };
  }
}

function fileOf(uri: string): string | null {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : null;
  } catch {
    /* A file on another host, or an address that is none: no folder holds it. */
    return null;
  }
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
