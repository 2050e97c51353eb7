import path from 'node:path';
import * as z from 'zod/mini';
import { readJson, writeFileAtomic } from './atomicFile';
import { storeState } from './stateFolder';

/** The window's last choice for a folder, or null. */
export async function rememberedPython(folder: string): Promise<string | null> {
  return (await readJson(await pythonFile(folder), remembered))?.python ?? null;
}

/** Keeps a choice of the window for the command line. */
export async function rememberPython(folder: string, python: string): Promise<void> {
  await writeFileAtomic(await pythonFile(folder), JSON.stringify({ python }));
}

const remembered = z.object({ python: z.string() });

async function pythonFile(folder: string): Promise<string> {
  return path.join((await storeState(folder)).directory, 'python.json');
}
