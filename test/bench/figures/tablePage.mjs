import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, ensureChromium } from '../../../scripts/setup.mjs';
import { bundlePage } from '../../pages/harness/bundle.mjs';
import { atMost, figure } from '../lib/figure.mjs';
import { endIfStopping, own } from '../lib/owned.mjs';
import { median, percentile } from '../lib/statistics.mjs';

const WINDOW = { width: 900, height: 860 };
const RUNS = 'runs=100000&columns=500&wide';

/**
 * The runs table alone in Chromium, with 100,000 runs and 500 columns that are made in the page: what the page itself
 * takes. What the server takes is told by the figures of its queries.
 */
export const tablePage = {
  name: 'table_page',
  async measure(bench) {
    const address = await bundlePage('table');
    await endIfStopping();
    const launching = chromium.launch({
      executablePath: ensureChromium(),
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      args: CHROMIUM_ARGS,
    });
    const close = () =>
      launching.then(
        (browser) => browser.close(),
        () => undefined,
      );
    own({ close });
    const browser = await launching;
    bench.version('chromium', browser.version());
    try {
      const paints = [];
      for (let round = 0; round < (bench.quick ? 3 : 15); round += 1) {
        const page = await browser.newPage({ viewport: WINDOW });
        await page.goto(`${address}?${RUNS}&case=late`);
        paints.push(await page.evaluate(firstPaint));
        await page.close();
      }
      const page = await browser.newPage({ viewport: WINDOW });
      await page.goto(`${address}?${RUNS}`);
      await page.waitForSelector('.grid-row .name-text');
      const frames = bench.quick ? 60 : 600;
      const down = await page.evaluate(scroll, { down: 120, across: 0, frames });
      const across = await page.evaluate(scroll, { down: 0, across: 60, frames });
      const far = await page.evaluate(scroll, { down: 7_001, across: 0, frames: Math.ceil(frames / 3) });
      const row = (name, value, budget) => figure({ name, unit: 'ms', value, budget });
      return [
        row('table_first_paint', median(paints), atMost(100, '≤ 100 ms')),
        row('table_scroll', percentile(down, 95), atMost(32, '≤ 32 ms')),
        row('table_scroll_across', percentile(across, 95), atMost(32, '≤ 32 ms')),
        row('table_scroll_far', percentile(far, 95), atMost(32, '≤ 32 ms')),
      ];
    } finally {
      await close();
    }
  },
};

/** Runs in the page: from its being told what to show until the first rows are on the screen. */
async function firstPaint() {
  const startedAt = performance.now();
  globalThis.page.show();
  while (document.querySelector('.grid-row .name-text') === null) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame); // The frame after the one in which they were drawn.
  return performance.now() - startedAt;
}

/** Runs in the page: scrolls by so many pixels each frame, and gives how long each frame took. */
async function scroll({ down, across, frames }) {
  const grid = document.querySelector('.runs-grid');
  const times = [];
  let last = await new Promise(requestAnimationFrame);
  for (let n = 0; n < frames; n += 1) {
    grid.scrollTop += down;
    grid.scrollLeft += across;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times;
}
