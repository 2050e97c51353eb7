import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChartView } from '../../webview/charts/kind';
import { type Pages, axeFindings, openPages } from './harness/pages';

declare global {
  /** The charts of the page (test/pages/kinds.js), by kind. */
  var views: Readonly<Record<string, Pick<ChartView, 'hasSvg' | 'toSvg'>>>;
}

let pages: Pages;
let page: Page | null = null;

beforeAll(async () => {
  pages = await openPages('kinds');
});
afterEach(async () => {
  await page?.close();
  page = null;
  expect(pages.problems.splice(0)).toEqual([]);
});
afterAll(() => pages.close());

async function open(query: string): Promise<Page> {
  page = await pages.open(query, { width: 760, height: 900 });
  return page;
}

const title = (on: Page) => on.locator('figcaption').first();

/** A chart's SVG as the browser reads it: what it is made of, what it says, and what in it could run or load. */
async function svgOf(on: Page, kind: string) {
  return on.evaluate((name) => {
    const text = globalThis.views[name]?.toSvg() ?? null;
    if (typeof text !== 'string') return null;
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const all = [...parsed.querySelectorAll('*')];
    return {
      isWhole: parsed.querySelector('parsererror') === null,
      marks: all.filter(({ localName }) => ['path', 'rect', 'circle', 'line'].includes(localName)).length,
      titles: [...parsed.querySelectorAll('title')].map(({ textContent }) => textContent),
      words: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
      odd: all.flatMap(({ localName, attributes }) => [
        ...(/^(script|image|a|foreignObject|iframe)$/.test(localName) ? [localName] : []),
        ...[...attributes].filter(({ name }) => /^on|href$/.test(name)).map(({ name }) => name),
      ]),
    };
  }, kind);
}

describe('a chart as an SVG', () => {
  const kinds: readonly (readonly [kind: string, words: readonly string[], marks: number])[] = [
    ['bars', ['val_accuracy', 'target 0.98'], 40],
    ['scatter', ['val_accuracy', 'lr (log)'], 20],
    ['parallel', ['lr', 'val_accuracy'], 40],
    ['heat', ['hidden'], 12],
    ['boxes', ['val_accuracy'], 3],
    ['importance', ['lr', 'hidden'], 5],
    ['pareto', ['val_accuracy', 'duration'], 20],
    ['confusion', ['noble-ibis'], 100],
    ['curve', ['false positive rate'], 7],
    ['histograms', ['noble-ibis'], 7],
  ];

  it.each(kinds)('has the marks and the words of %s', async (kind, words, marks) => {
    const on = await open(`kind=${kind}&case=grid`);
    await expect.poll(() => on.evaluate((name) => globalThis.views[name]?.hasSvg, kind)).toBe(true);
    const found = await svgOf(on, kind);
    expect(found).toMatchObject({ isWhole: true, odd: [] });
    for (const word of words) expect(found?.words.join('\n')).toContain(word);
    expect(found?.marks).toBeGreaterThanOrEqual(marks);
  });

  it('carries nothing that could run, whatever runs are called', async () => {
    const on = await open('kind=bars,scatter,parallel,boxes,heat,confusion&case=hostile');
    for (const kind of ['bars', 'scatter', 'parallel', 'boxes', 'heat', 'confusion']) {
      const found = await svgOf(on, kind);
      if (found !== null) expect(found).toMatchObject({ isWhole: true, odd: [] });
    }
    expect((await svgOf(on, 'parallel'))?.titles.join()).toContain('<img src=x');
  });

  it('is not offered for pictures, nor for more marks than a file can be opened with', async () => {
    const on = await open('kind=images&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('step 40');
    expect(await svgOf(on, 'images')).toBeNull();
    const many = await open('kind=scatter&case=many');
    await expect.poll(() => title(many).innerText()).toContain('10,000');
    expect(await svgOf(many, 'scatter')).toBeNull();
  });
});

describe('charts of files that runs logged', () => {
  it('move through the steps of pictures by keys, and name the step of a run that has none there', async () => {
    const on = await open('kind=images&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('step 40');
    await on.locator('.panels-grid').focus();
    await on.keyboard.press('Home');
    await expect.poll(() => title(on).innerText()).toContain('step 0');
    await on.keyboard.press('End');
    await on.keyboard.press('ArrowLeft');
    await expect.poll(() => title(on).innerText()).toContain('step 30');
    expect(await on.locator('.panel figcaption .number').allInnerTexts()).toContain('step 10');
  });

  it('are drawn from another file when a person names one, and say it when no run has it', async () => {
    const on = await open('kind=confusion&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('7 runs');
    const field = on.locator('.path-field input');
    await field.fill('elsewhere.json');
    await field.press('Enter');
    const empty = on.locator('.plot-empty');
    await expect.poll(() => empty.innerText()).toContain('No run that is on has elsewhere.json');
    await field.fill('confusion_matrix.json');
    await field.press('Enter');
    await expect.poll(() => title(on).innerText()).toContain('7 runs');
  });

  it('offer the files that runs have', async () => {
    const on = await open('kind=images&case=grid');
    await on.locator('.path-field input').focus();
    const offered = () =>
      on.locator('datalist option').evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    await expect.poll(offered).toEqual(['images', 'samples/grid']);
  });

  it('turn from ROC to precision and recall, with the file that goes with it', async () => {
    const on = await open('kind=curve&case=grid');
    await expect.poll(() => title(on).innerText()).toContain('best AUC');
    await expect
      .poll(() => on.locator('.plot-note').first().innerText())
      .toBe('Nothing in roc_curve.json: swift-newt.');
    await on.locator('select').selectOption('pr');
    await expect.poll(() => title(on).innerText()).toContain('best average precision');
  });

  it.each(['dark', 'light', 'contrast'])('have nothing that axe finds serious in %s', async (theme) => {
    const on = await open(`kind=images,curve,confusion,histograms&case=grid&theme=${theme}`);
    await expect.poll(() => on.locator('.panel').count()).toBe(21);
    expect(await axeFindings(on)).toEqual([]);
  });
});

describe('a heat map as a contour', () => {
  it('is drawn from the runs, which are gone through by keys, and turns back into cells', async () => {
    const on = await open('kind=heat&case=grid&spec={"look":"contour"}');
    await expect.poll(() => title(on).innerText()).toContain('smoothed over 48 runs');
    await on.locator('.plot-body').focus();
    await on.keyboard.press('Home');
    await expect.poll(() => on.locator('.plot-tooltip').innerText()).toContain('val_accuracy');
    await on.keyboard.press('c');
    await expect.poll(() => title(on).innerText()).toContain('mean of val_accuracy');
  });

  it('is an SVG of areas and runs', async () => {
    const on = await open('kind=heat&case=grid&spec={"look":"contour"}');
    const found = await svgOf(on, 'heat');
    expect(found).toMatchObject({ isWhole: true, odd: [] });
    expect(found?.words.join('\n')).toContain('hidden');
    expect(found?.marks).toBeGreaterThan(10);
  });

  it('gives way to cells when there are too few runs, and says it', async () => {
    const on = await open('kind=heat&case=few&spec={"look":"contour"}');
    await expect.poll(() => on.locator('.plot-note').innerText()).toContain('needs 6 runs');
    expect(await title(on).innerText()).toContain('mean of');
  });
});
