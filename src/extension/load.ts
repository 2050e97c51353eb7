import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type * as LanguageClient from './languageClient';
import type * as Later from './later';

/** Loads the part of the window that its start does not need. Lets the editor draw first; then it stays loaded. */
export async function later(): Promise<typeof Later> {
  await setImmediate();
  // All bundles come from one build: what the other ones export is known.
  const modules: typeof Later = loadBundle('./later.js');
  return modules;
}

/** Loads the language client. */
export async function languageClient(): Promise<typeof LanguageClient> {
  await setImmediate();
  const modules: typeof LanguageClient = loadBundle('./languageClient.js');
  return modules;
}

/** Bundles lie beside this one. */
const loadBundle = createRequire(__filename);
