import { copyFile, cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
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

/** For tests: the `winnow` command with the programs that it starts, in a folder of its own, made once a file. */
export async function bundleCommand(): Promise<{ dist: string; dispose: () => Promise<void> }> {
  const dist = await mkdtemp(path.join(os.tmpdir(), 'winnow-cli-'));
  await bundlePrograms(dist, {
    'cli.js': 'src/cli/start.ts',
    'command.js': 'src/cli/main.ts',
    'server.js': 'src/tracking/main.ts',
    'runner.js': 'src/runner/main.ts',
  });
  await mkdir(path.join(dist, 'sqlite'), { recursive: true });
  await cp('node_modules/better-sqlite3/prebuilds', path.join(dist, 'sqlite'), { recursive: true });
  return { dist, dispose: () => rm(dist, { recursive: true, force: true }) };
}

/** For tests: the tracking server as a program to be killed, with its native part beside it. */
export async function bundleServer(): Promise<{ program: string; dispose: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'winnow-bundle-'));
  await bundlePrograms(folder, { 'server.js': 'src/tracking/main.ts' });
  const native = `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`;
  await copyFile(path.resolve(native), path.join(folder, 'better_sqlite3.node'));
  return {
    program: path.join(folder, 'server.js'),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
