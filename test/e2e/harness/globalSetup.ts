import { rmSync } from 'node:fs';
import path from 'node:path';
import { writeSettings, installExtension, QUIET_SETTINGS } from '../../../scripts/editor.mjs';
import { packageExtension } from '../../../scripts/package.mjs';
import { cache } from '../../../scripts/project.mjs';
import { ensureChromium, ensureEditor } from '../../../scripts/setup.mjs';
import type { TestProject } from 'vitest/node';

/** What every journey starts from. */
export interface JourneySetup {
  /** VS Code's server. */
  readonly editor: string;
  readonly chromium: string;
  /** An editor's data folder with the packed extension installed; a desk works on a copy. */
  readonly installed: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    setup: JourneySetup;
  }
}

/** Packs the extension and installs it once, as a user would, before the first journey. */
export default async function setup(project: TestProject): Promise<void> {
  const editor = await ensureEditor();
  const chromium = ensureChromium();
  const installed = path.join(cache, 'journeys', 'installed');
  rmSync(installed, { recursive: true, force: true });
  const vsix = packageExtension(path.join(cache, 'journeys', 'winnow.vsix'));
  installExtension({ editor, data: installed, vsix });
  // The page says dark or light, so that one window can be pictured in both.
  writeSettings(installed, {
    ...QUIET_SETTINGS,
    'window.autoDetectColorScheme': true,
    'security.workspace.trust.enabled': false,
  });
  project.provide('setup', { editor, chromium, installed });
}
