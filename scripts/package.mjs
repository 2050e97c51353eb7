// Packs the extension for this platform: winnow-<version>-<platform>.vsix. `--out FILE` puts it elsewhere.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cache, ensureBuilt, ensureDependencies, platform, projectNode, root, run } from './project.mjs';

/** Returns the packed file. */
export function packageExtension(file = path.join(root, defaultName())) {
  ensureDependencies();
  ensureBuilt();
  const ignore = path.join(cache, 'package', `${platform}.vscodeignore`);
  const stage = path.join(cache, 'package', `${platform}-${process.pid}`);
  mkdirSync(stage, { recursive: true });
  mkdirSync(path.dirname(file), { recursive: true });
  const everywhere = readFileSync(path.join(root, '.vscodeignore'), 'utf8');
  writeFileSync(ignore, `${everywhere}!dist/sqlite/${platform}.node\n`);
  // vsce looks at every file below the folder that it packs, whether it takes it or not: beside editors and
  // Python environments that is a minute.
  for (const name of PACKED) {
    if (existsSync(path.join(root, name)))
      cpSync(path.join(root, name), path.join(stage, name), { recursive: true });
  }
  run(
    projectNode(),
    [
      path.join(root, 'node_modules/@vscode/vsce/vsce'),
      ...['package', '--no-dependencies', '--target', platform, '--ignoreFile', ignore, '--out', file],
      // A checkout may have no remote; relative links of the README then stay as they are.
      ...['--allow-missing-repository', '--no-rewrite-relative-links'],
    ],
    { stdio: ['ignore', 'ignore', 2], cwd: stage },
  );
  rmSync(stage, { recursive: true, force: true });
  return file;
}

/** Where all that .vscodeignore lets in lies. */
const PACKED = ['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'dist'];

function defaultName() {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return `${name}-${version}-${platform}.vsix`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const file = packageExtension(values.out && path.resolve(values.out));
  console.log(`${file} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
}
