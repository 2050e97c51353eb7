// Bundles a page of test/pages that has no bundle of its own in dist: node test/pages/harness/bundle.mjs table
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { cache, root } from '../../../scripts/project.mjs';

/** Puts test/pages/<name>.js with all that it imports into .cache/pages, beside the icons; returns the page's address. */
export async function bundlePage(name) {
  const folder = path.join(cache, 'pages');
  await mkdir(folder, { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf']) {
    await cp(path.join(root, 'node_modules/@vscode/codicons/dist', file), path.join(folder, file));
  }
  await esbuild.build({
    entryPoints: { [name]: path.join(root, 'test/pages', `${name}.js`) },
    outdir: folder,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'iife',
    platform: 'browser',
    tsconfig: path.join(root, 'webview/tsconfig.json'),
    logLevel: 'warning',
  });
  return `file://${path.join(root, 'test/pages', `${name}.html`)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of process.argv.slice(2)) console.log(await bundlePage(name));
}
