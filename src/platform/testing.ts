import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

/** For tests: a folder that is gone after the test. */
export async function temporaryFolder(name = 'winnow test'): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), `${name} `)));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** For tests: a state home of this test alone, gone after it. */
export async function temporaryStateHome(): Promise<string> {
  const home = await temporaryFolder('winnow state');
  const before = process.env['WINNOW_STATE_HOME'];
  process.env['WINNOW_STATE_HOME'] = home;
  onTestFinished(() => {
    if (before === undefined) delete process.env['WINNOW_STATE_HOME'];
    else process.env['WINNOW_STATE_HOME'] = before;
  });
  return home;
}

/** For tests: bundles programs as the build does, `{ 'runner.js': 'src/runner/main.ts' }`. */
export async function bundlePrograms(directory: string, programs: Record<string, string>): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, entry] of Object.entries(programs)) {
    await build({
      entryPoints: [path.resolve(entry)],
      outfile: path.join(directory, name),
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      logLevel: 'error',
    });
  }
}
