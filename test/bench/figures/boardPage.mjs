import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, ensureChromium } from '../../../scripts/setup.mjs';
import { bundlePage } from '../../pages/harness/bundle.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { endIfStopping, own } from '../lib/owned.mjs';
import { median } from '../lib/statistics.mjs';

const WINDOW = { width: 900, height: 860 };
const MB = 1024 * 1024;

/**
 * The board of charts alone in Chromium, with points that are made and thinned in the page: what the page itself takes.
 * What the server takes is told by the figures of its series.
 */
export const boardPage = {
  name: 'board_page',
  async measure(bench) {
    const address = await bundlePage('board');
    await endIfStopping();
    const launching = chromium.launch({
      executablePath: ensureChromium(),
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      args: [...CHROMIUM_ARGS, '--enable-precise-memory-info'],
    });
    const close = () =>
      launching.then(
        (browser) => browser.close(),
        () => undefined,
      );
    own({ close });
    const browser = await launching;
    bench.version('chromium', browser.version());
    const open = async (query) => {
      const page = await browser.newPage({ viewport: WINDOW });
      await page.goto(`${address}?case=speed&late&${query}`);
      await page.evaluate(() => globalThis.board.warm());
      return page;
    };
    try {
      const rounds = bench.quick ? 2 : 7;
      const [first, zoom, long] = [[], [], []];
      for (let round = 0; round < rounds; round += 1) {
        const many = await open('charts=20&runs=50&points=10000');
        first.push(await many.evaluate(drawnAfter, 'show'));
        zoom.push(await many.evaluate(drawnAfter, 'zoom'));
        await many.close();
        const one = await open('charts=1&runs=1&points=10000000');
        long.push(await one.evaluate(drawnAfter, 'show'));
        await one.close();
      }
      const updates = bench.quick ? 1_200 : 36_000;
      const live = await browser.newPage({ viewport: WINDOW });
      await live.goto(`${address}?case=speed&charts=20&runs=8&points=1000`);
      const session = await live.context().newCDPSession(live);
      await live.evaluate(train, updates);
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      const hidden = await live.evaluate(trainHidden, 100);
      const row = (name, unit, value, budget) => figure({ name, unit, value, budget });
      return [
        row('board_first_charts', 'ms', median(first), atMost(1_000, '≤ 1 s')),
        row('board_zoom', 'ms', median(zoom), atMost(150, '≤ 150 ms')),
        row('board_series_10m', 'ms', median(long), atMost(150, '≤ 150 ms')),
        row('board_memory_hour', 'MB', usedSize / MB, atMost(300, '≤ 300 MB')),
        row('board_hidden_reads', 'reads', hidden, atMost(0, 'none')),
      ];
    } finally {
      await close();
    }
  },
};

/** Runs in the page: from a deed until the frame behind the one in which all charts on the screen were drawn. */
async function drawnAfter(deed) {
  const { board } = globalThis;
  const startedAt = performance.now();
  if (deed === 'show') board.show();
  if (deed === 'zoom') {
    const plot = document.querySelector('.plot');
    plot.focus();
    plot.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
  }
  const element = document.querySelector('.board');
  const isDrawn = () =>
    deed === 'zoom'
      ? document.querySelector('.frame .note .link') !== null
      : Object.values(JSON.parse(element.dataset.drawn ?? '{}')).some((count) => count > 0);
  while (!isDrawn()) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - startedAt;
}

/** Runs in the page: a run logs step after step, ten between two frames; each frame is drawn. */
async function train(updates) {
  for (let n = 0; n < updates; n += 10) {
    globalThis.board.log(1, 10);
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
}

/** Runs in the page: the same while nobody sees it; gives how often points were read. */
async function trainHidden(updates) {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
  await new Promise((resolve) => setTimeout(resolve, 100)); // What was on its way arrives.
  const before = globalThis.board.made.calls.readSeries;
  for (let n = 0; n < updates; n += 1) {
    globalThis.board.log(1, 1);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return globalThis.board.made.calls.readSeries - before;
}
