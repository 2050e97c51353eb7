// Runs test/vscode/*.test.ts inside the extension host of a real VS Code: the desktop one that VSCODE_PATH names,
// or VS Code's server with a page in Chromium. Writes {passed, failed} to the file that --summary names.
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { QUIET_SETTINGS, startEditor, withoutNpm, writeSettings } from '../../../scripts/editor.mjs';
import { prepareExample } from '../../../scripts/example.mjs';
import { ensureBuilt, root } from '../../../scripts/project.mjs';
import { CHROMIUM_ARGS, ensureChromium, ensureEditor } from '../../../scripts/setup.mjs';
import { endEverything } from '../../harness/leftovers.mjs';

/** Lines of the tests begin with it; all else that the editor says stays out. */
const MARK = 'winnow-test│';
const LIMIT_MS = 300_000; // All tests together; an extension host that hangs must not hang the whole run.

const { values } = parseArgs({ options: { summary: { type: 'string' }, 'build-only': { type: 'boolean' } } });
const scratch = mkdtempSync(path.join(tmpdir(), 'winnow-editor-tests-'));
try {
  ensureBuilt();
  const tests = await bundleTests();
  if (!values['build-only']) process.exitCode = await runTests(tests);
} finally {
  await endEverything(path.join(scratch, 'state'));
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

async function runTests(tests) {
  const folder = await prepareExample(path.join(scratch, 'digits'));
  const env = {
    ...withoutNpm(),
    WINNOW_STATE_HOME: path.join(scratch, 'state'),
    WINNOW_TEST_SUMMARY: path.resolve(values.summary ?? path.join(scratch, 'summary.json')),
  };
  const run = process.env.VSCODE_PATH ? runInDesktop : runInBrowser;
  return run({ tests, folder, env });
}

/** One file a test file, and the one that VS Code calls. */
async function bundleTests() {
  const out = path.join(root, 'out/test/vscode');
  rmSync(out, { recursive: true, force: true });
  const source = path.join(root, 'test/vscode');
  const files = readdirSync(source).filter((name) => name.endsWith('.test.ts'));
  await esbuild.build({
    entryPoints: [path.join(source, 'harness/index.ts'), ...files.map((name) => path.join(source, name))],
    outdir: out,
    outbase: source,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(out, 'harness/index.js');
}

async function runInBrowser({ tests, folder, env }) {
  const { chromium } = await import('playwright-core');
  const editor = await ensureEditor();
  const data = path.join(scratch, 'editor');
  mkdirSync(data);
  writeSettings(data, QUIET_SETTINGS);
  const server = await startEditor({
    editor,
    data,
    env,
    // Tests of Restricted Mode are journeys: there a person decides about trust.
    args: ['--disable-workspace-trust', '--enable-smoke-test-driver'],
  });
  let browser;
  try {
    browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const code = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`No end after ${LIMIT_MS / 1000} s.`)), LIMIT_MS).unref();
      page.once('crash', () => reject(new Error('The page of the editor crashed.')));
      void server.ended.then(() => reject(new Error("VS Code's server ended in the middle.")));
      void page.exposeFunction('codeAutomationExit', (exitCode) => resolve(exitCode));
    });
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = args.filter((arg) => typeof arg === 'string').join(' ');
      if (text.startsWith(MARK)) console.log(text.slice(MARK.length));
      else if (type === 'error' && text.includes('winnow')) console.error(text);
    });
    const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(tests)],
    ];
    const address = `${server.address(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    await page.goto(address);
    return await code;
  } finally {
    await browser?.close();
    await server.stop();
  }
}

async function runInDesktop({ tests, folder, env }) {
  const { runTests: runInElectron } = await import('@vscode/test-electron');
  return runInElectron({
    vscodeExecutablePath: process.env.VSCODE_PATH,
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    extensionTestsEnv: env,
    launchArgs: [
      folder,
      '--disable-extensions',
      '--disable-workspace-trust',
      '--user-data-dir',
      path.join(scratch, 'user'),
    ],
  });
}
