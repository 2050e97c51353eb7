// Runs test/vscode/*.test.ts inside the extension host of a real VS Code: the desktop one that VSCODE_PATH names,
// or VS Code's server with a page in Chromium. Writes {passed, failed} to the file that --summary names. Names (run.mjs hover window) choose test files.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { QUIET_SETTINGS, startEditor, withoutNpm, writeSettings } from '../../../scripts/editor.mjs';
import { prepareExample } from '../../../scripts/example.mjs';
import { ensureBuilt, root } from '../../../scripts/project.mjs';
import { CHROMIUM_ARGS, ensureChromium, ensureEditor, ensurePython } from '../../../scripts/setup.mjs';
import { endEverything } from '../../harness/leftovers.mjs';

/** Lines of the tests begin with it; all else that the editor says stays out. */
const MARK = 'winnow-test│';
const LIMIT_MS = 300_000; // The tests of one file; an extension host that hangs must not hang the whole run.

const { values, positionals } = parseArgs({
  options: { summary: { type: 'string' }, 'build-only': { type: 'boolean' } },
  allowPositionals: true,
});
const scratch = mkdtempSync(path.join(tmpdir(), 'winnow-editor-tests-'));
const stateHome = path.join(scratch, 'state');
const fileSummary = path.join(scratch, 'summary.json');
const env = { ...withoutNpm(), WINNOW_STATE_HOME: stateHome, WINNOW_TEST_SUMMARY: fileSummary };
// Stand-ins run real programs of Python: a debugger, a notebook's kernel.
const scripts = await ensurePython(path.join(root, 'test/clients/scripts.txt'));
env.WINNOW_TEST_PYTHON = path.join(scripts, 'bin/python');
try {
  ensureBuilt();
  const files = await bundleTests();
  if (!values['build-only']) await runTests(files);
} finally {
  await endEverything(stateHome);
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Each test file has a window and a folder of its own: no file feels what another one has left. Files that need
 * other extensions beside Winnow have an editor of their own too.
 */
async function runTests(files) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const alone = files.filter(({ standIns }) => standIns !== null);
  const groups = [files.filter(({ standIns }) => standIns === null), ...alone.map((file) => [file])];
  for (const group of groups) if (group.length > 0) await runGroup(group, total);
  if (values.summary) writeFileSync(values.summary, JSON.stringify(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}

async function runGroup(group, total) {
  const [{ standIns }] = group;
  const editor = await (process.env.VSCODE_PATH ? desktopEditor(standIns) : browserEditor(standIns));
  try {
    for (const { name, entry } of group) {
      const folder = await prepareExample(path.join(scratch, name, 'digits'));
      rmSync(fileSummary, { force: true });
      let problem = 'the window ended before its tests did.';
      try {
        await editor.run(entry, folder);
      } catch (error) {
        problem = error.message;
        console.log(`✗ ${name}: ${problem}`);
      }
      // A window that ends without a summary has failed, whatever it says.
      const said = existsSync(fileSummary)
        ? JSON.parse(readFileSync(fileSummary, 'utf8'))
        : { failed: 1, failures: [{ name, message: problem }] };
      for (const key of ['passed', 'failed', 'skipped']) total[key] += said[key] ?? 0;
      total.failures.push(...(said.failures ?? []));
    }
  } finally {
    await editor.close();
  }
}

/** A folder a test file: its bundle and, beside it, the one that VS Code calls. */
async function bundleTests() {
  const out = path.join(root, 'out/test/vscode');
  rmSync(out, { recursive: true, force: true });
  const source = path.join(root, 'test/vscode');
  const names = readdirSync(source)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.test.ts'.length))
    .filter((name) => positionals.length === 0 || positionals.includes(name));
  await esbuild.build({
    entryPoints: names.flatMap((name) => [
      { in: path.join(source, 'harness/index.ts'), out: `${name}/index` },
      { in: path.join(source, `${name}.test.ts`), out: `${name}/${name}.test` },
    ]),
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return names.map((name) => {
    const standIns = path.join(source, 'standIns', name);
    const entry = path.join(out, name, 'index.js');
    return { name, entry, standIns: existsSync(standIns) ? standIns : null };
  });
}

/** @param standIns a folder of extensions in place of real ones that are not to be had, or null */
async function browserEditor(standIns) {
  const { chromium } = await import('playwright-core');
  const data = mkdtempSync(path.join(scratch, 'editor-'));
  writeSettings(data, QUIET_SETTINGS);
  // The editor takes what lies in the folder of its extensions at its first start.
  if (standIns !== null) cpSync(standIns, path.join(data, 'extensions'), { recursive: true });
  const server = await startEditor({
    editor: await ensureEditor(),
    data,
    env,
    // Tests of Restricted Mode are journeys: there a person decides about trust.
    args: ['--disable-workspace-trust', '--enable-smoke-test-driver'],
  });
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
  return {
    run: (entry, folder) => runInPage({ server, browser, entry, folder }),
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

async function runInPage({ server, browser, entry, folder }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  let limit;
  try {
    const page = await context.newPage();
    const end = new Promise((resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`no end after ${LIMIT_MS / 1000} s.`)), LIMIT_MS);
      page.once('crash', () => reject(new Error('the page of the editor crashed.')));
      void server.ended.then(() => reject(new Error("VS Code's server ended in the middle.")));
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = args.filter((arg) => typeof arg === 'string').join(' ');
      if (text.startsWith(MARK)) console.log(text.slice(MARK.length));
      else if (type === 'error' && text.includes('winnow-ml.winnow')) console.error(text);
    });
    const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(entry)],
    ];
    await page.goto(`${server.address(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await end;
  } finally {
    clearTimeout(limit);
    await context.close();
  }
}

async function desktopEditor(standIns) {
  const { runTests: runInElectron } = await import('@vscode/test-electron');
  const user = mkdtempSync(path.join(scratch, 'user-'));
  if (standIns !== null) cpSync(standIns, path.join(user, 'extensions'), { recursive: true });
  return {
    run: (entry, folder) =>
      runInElectron({
        vscodeExecutablePath: process.env.VSCODE_PATH,
        extensionDevelopmentPath: root,
        extensionTestsPath: entry,
        extensionTestsEnv: env,
        launchArgs: [
          folder,
          ...(standIns === null
            ? ['--disable-extensions']
            : ['--extensions-dir', path.join(user, 'extensions')]),
          '--disable-workspace-trust',
          ...['--user-data-dir', path.join(user, 'data')],
        ],
      }),
    close: () => Promise.resolve(),
  };
}
