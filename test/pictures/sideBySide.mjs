// Takes the pictures of docs/side-by-side.md: the same fifty runs in Winnow, MLflow and TensorBoard.
//   node test/pictures/sideBySide.mjs [winnow] [mlflow] [tensorboard]
import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { freePort } from '../../scripts/editor.mjs';
import { root } from '../../scripts/project.mjs';
import { CHROMIUM_ARGS, ensureChromium, ensurePython } from '../../scripts/setup.mjs';
import { createBench } from '../bench/lib/bench.mjs';
import { startBrowserEditor } from '../bench/lib/editor.mjs';
import { closeAll, closeOnExit, own, runToEnd, start, temporaryFolder, wait } from '../bench/lib/owned.mjs';
import { quietEnvironment, startWinnow } from '../bench/lib/targets.mjs';

const SIZE = { width: 1440, height: 900 };
const pictures = path.join(root, 'docs/pictures');
const READY_MS = 120_000;
const asked = process.argv.slice(2);
const isAsked = (tool) => asked.length === 0 || asked.includes(tool);

closeOnExit();
mkdirSync(pictures, { recursive: true });
const bench = createBench({ quick: true });
const programs = path.join(await ensurePython(path.join(root, 'test/pictures/requirements.txt')), 'bin');

const folder = path.join(await temporaryFolder('project'), 'digits');
await mkdir(folder);
const [winnow, mlflow] = [await startWinnow(await bench.winnow(), folder), await bench.target('peer')];
const events = await temporaryFolder('events');
console.log('Training fifty networks …');
await runToEnd(path.join(programs, 'python'), [path.join(root, 'test/pictures/fifty_runs.py'), events], {
  env: {
    ...quietEnvironment(),
    MPLBACKEND: 'agg',
    TRACKING_URIS: JSON.stringify(
      [winnow, mlflow].map(({ env }) => ({
        uri: env.MLFLOW_TRACKING_URI,
        token: env.MLFLOW_TRACKING_TOKEN ?? null,
      })),
    ),
  },
});

if (isAsked('winnow')) await pictureOfWinnow();
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...CHROMIUM_ARGS] });
own({ close: () => browser.close() });
if (isAsked('mlflow')) await pictureOfMlflow(mlflow.env.MLFLOW_TRACKING_URI);
if (isAsked('tensorboard')) await pictureOfTensorboard();
await closeAll();

async function pictureOfWinnow() {
  const editor = await startBrowserEditor(await bench.winnow(), { 'window.autoDetectColorScheme': true });
  const window = await editor.open(folder, {
    do: 'command',
    command: 'winnow.openExperiment',
    args: [{ folder, experiment: 'digits' }],
  });
  await window.page.setViewportSize(SIZE);
  await window.page.emulateMedia({ colorScheme: 'dark' });
  await frameWith(window.page, '[role="grid"] [role="row"]');
  await window.page.locator('.tabs-container .tab').first().click();
  await window.page.keyboard.press('Control+B'); // The side bar: the other two have none either.
  await settled(window.page);
  await take(window.page, 'side-by-side-winnow');
  await window.close();
}

async function pictureOfMlflow(uri) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'dark' });
  await page.goto(`${uri}/#/experiments/1/runs`);
  await page.getByText('run-50').first().waitFor({ timeout: READY_MS });
  // Its assistant stands open at the first visit: closed, so that the runs have the room.
  await page.locator('[data-component-id="mlflow.assistant.chat_panel.close"]').click();
  await settled(page);
  await take(page, 'side-by-side-mlflow-table');
  await page.goto(`${uri}/#/experiments/1/runs?compareRunsMode=CHART`);
  await page.reload();
  await page.locator('.js-plotly-plot').first().waitFor({ timeout: READY_MS });
  await settled(page);
  await take(page, 'side-by-side-mlflow-charts');
}

async function pictureOfTensorboard() {
  const port = await freePort();
  start(path.join(programs, 'tensorboard'), [
    ...['--logdir', events, '--host', '127.0.0.1', '--port', String(port)],
  ]);
  const uri = `http://127.0.0.1:${port}`;
  await answering(uri);
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'dark' });
  await page.goto(`${uri}/?darkMode=true#timeseries`);
  await page.locator('scalar-card').first().waitFor({ timeout: READY_MS });
  await settled(page);
  await take(page, 'side-by-side-tensorboard');
}

async function answering(uri) {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await wait(200)) {
    if (
      await fetch(uri).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
  throw new Error(`${uri} does not answer.`);
}

async function frameWith(page, selector) {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await wait(100)) {
    for (const frame of page.frames()) {
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 1
      )
        return frame;
    }
  }
  throw new Error(`No frame shows ${selector}.`);
}

/** A picture is taken when it has stopped changing. */
async function settled(page) {
  let before = '';
  for (let same = 0, turn = 0; same < 3 && turn < 60; turn++) {
    const now = (await page.screenshot()).toString('base64');
    same = now === before ? same + 1 : 0;
    before = now;
    await wait(500);
  }
}

async function take(page, name) {
  const file = path.join(pictures, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(path.relative(process.cwd(), file));
}
