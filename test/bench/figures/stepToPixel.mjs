import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startClient } from '../lib/clients.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { temporaryFolder, wait } from '../lib/owned.mjs';
import { median, percentile } from '../lib/statistics.mjs';
import { startWinnow } from '../lib/targets.mjs';

const METRIC = 'loss';
const EXPERIMENT = 'bench'; // As the client names it.
const PAGE_MS = 60_000; // The window is open already; the page is read and drawn in a second or two.
const LAST_MS = 5_000; // A step that is not drawn by then is lost.

/** How long after a script logs a step its point is drawn, in a real VS Code: the charts page. */
export const stepToPixel = {
  name: 'step_to_pixel',
  measure: (bench) =>
    measure(bench, 'step_to_pixel', (folder, runId) => ({
      command: 'winnow.showCharts',
      args: [{ folder, runIds: [runId], metric: METRIC }],
    })),
};

/** The same with the page of the run's experiment: its table, its header and its charts follow, too. */
export const stepToExperiment = {
  name: 'step_to_experiment',
  measure: (bench) =>
    measure(bench, 'step_to_experiment', (folder) => ({
      command: 'winnow.openExperiment',
      args: [{ folder, experiment: EXPERIMENT }],
    })),
};

/** @param commandOf the command of the window that opens the page, for a folder and a run in it. */
async function measure(bench, name, commandOf) {
  const winnow = await bench.winnow();
  const folder = path.join(await temporaryFolder('project'), 'project');
  await mkdir(folder);
  const client = await startClient('step_by_step.py', [], await startWinnow(winnow, folder));
  const [runId] = client.ready;
  const editor = await bench.editor();
  const window = await editor.open(folder, { do: 'command', ...commandOf(folder, runId) });
  bench.version('vscode', window.answer.vscode);
  try {
    const page = await pageThatDraws(window.page);
    await page.evaluate(watchDrawnSteps, METRIC);
    const loggedAt = await client.turn(bench.quick ? 20 : 200);
    const drawnAt = await drawnSteps(page, loggedAt.length);
    const times = loggedAt.map((at, index) => drawnAt[index + 1] - at);
    const row = (of, value, budget) => figure({ name: of, unit: 'ms', value, budget });
    return [row(name, percentile(times, 95), atMost(250, '≤ 250 ms')), row(`${name}_median`, median(times))];
  } finally {
    await client.close();
    await window.close();
  }
}

/** The frame of the page, once it has drawn the metric. */
async function pageThatDraws(window) {
  const isDrawn = (metric) =>
    JSON.parse(document.querySelector('[data-drawn]')?.dataset.drawn ?? '{}')[metric] > 0;
  for (const deadline = Date.now() + PAGE_MS; Date.now() < deadline; await wait(100)) {
    for (const frame of window.frames()) {
      // A frame that goes while it is asked is not the one.
      if (await frame.evaluate(isDrawn, METRIC).catch(() => false)) return frame;
    }
  }
  throw new Error(`The page did not draw ${METRIC} within ${PAGE_MS / 1000} s.`);
}

/**
 * Runs in the page, which tells how many points of each metric it has drawn (webview/pages/charts.ts, webview/charts/board.ts): notes the
 * frame after the one in which each was drawn first, when it is on the screen.
 */
function watchDrawnSteps(metric) {
  const drawnAt = [];
  globalThis.winnowBench = drawnAt;
  const look = () => {
    const drawn = JSON.parse(document.querySelector('[data-drawn]').dataset.drawn)[metric];
    // Several steps may come with one frame. Step 0 was there before the first counted one.
    while (drawnAt.length < drawn) drawnAt.push(Date.now());
    requestAnimationFrame(look);
  };
  look();
}

async function drawnSteps(page, steps) {
  for (const deadline = Date.now() + LAST_MS; ; await wait(50)) {
    const drawnAt = await page.evaluate(() => globalThis.winnowBench);
    if (drawnAt.length > steps) return drawnAt;
    if (Date.now() > deadline) {
      throw new Error(`Of ${steps + 1} steps the page drew ${drawnAt.length}.`);
    }
  }
}
