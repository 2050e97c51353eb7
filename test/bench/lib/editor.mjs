// Winnow, packed and installed as a person has it, in a real VS Code in a real browser.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { QUIET_SETTINGS, installExtension, startEditor, writeSettings } from '../../../scripts/editor.mjs';
import { packageExtension } from '../../../scripts/package.mjs';
import { root } from '../../../scripts/project.mjs';
import { ensureChromium, ensureEditor } from '../../../scripts/setup.mjs';
import { endIfStopping, own, temporaryFolder, wait } from './owned.mjs';

const DRIVER = path.join(root, 'test/bench/driver');
const READY_MS = 120_000; // Ten seconds alone; several editors may share the cores.

/**
 * Starts the editor and the browser. Windows that it opens are closed by whoever opened them.
 * @param settings of the person, beside those that keep the editor quiet.
 */
export async function startBrowserEditor(winnow, settings = {}) {
  const data = await temporaryFolder('editor');
  const editor = await ensureEditor();
  const vsix = packageExtension(path.join(data, 'winnow.vsix'));
  await endIfStopping();
  writeSettings(data, { ...QUIET_SETTINGS, ...settings });
  installExtension({ editor, data, vsix });

  const mail = await temporaryFolder('driver');
  const env = { ...winnow.env, WINNOW_BENCH_DRIVER: mail };
  const args = ['--disable-workspace-trust', '--enable-smoke-test-driver'];
  await endIfStopping();
  const starting = startEditor({ editor, data, env, args });
  own({
    close: () =>
      starting.then(
        (server) => server.stop(),
        () => undefined,
      ),
  });
  const launching = chromium.launch({
    executablePath: ensureChromium(),
    // The bench closes it itself, after what uses it.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    args: BROWSER_ARGUMENTS,
  });
  own({
    close: () =>
      launching.then(
        (browser) => browser.close(),
        () => undefined,
      ),
  });
  const server = await starting;
  const browser = await launching;

  return {
    /**
     * Opens a window on a folder and has the driver (test/bench/driver) carry out an order in its extension host.
     * @param order `{ do: 'activate' | 'command', … }`, see driver/main.cjs.
     * @returns Playwright's page of the window, what the driver answered, and `close()`.
     */
    async open(folder, order) {
      const answerFile = path.join(mail, 'answer.json');
      await rm(answerFile, { force: true });
      await writeFile(path.join(mail, 'order.json'), JSON.stringify(order));
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      // VS Code calls these of a window that runs tests; the driver answers by file, so there is nothing to hear.
      await page.exposeFunction('codeAutomationLog', () => undefined);
      await page.exposeFunction('codeAutomationExit', () => undefined);
      await page.goto(`${server.address(folder)}&payload=${driverPayload(server.port)}`);
      const answer = await read(answerFile);
      if (answer.error !== undefined) throw new Error(`In the editor: ${answer.error}`);
      return { page, answer, close: () => context.close() };
    },
  };
}

const BROWSER_ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

function driverPayload(port) {
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  return encodeURIComponent(
    JSON.stringify([
      ['extensionDevelopmentPath', remote(DRIVER)],
      ['extensionTestsPath', remote(path.join(DRIVER, 'main.cjs'))],
    ]),
  );
}

/** Waits for the driver's answer. It is renamed into place, so what can be read is whole. */
async function read(file) {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await wait(50)) {
    try {
      return JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`The driver in the editor did not answer within ${READY_MS / 1000} s.`);
}
