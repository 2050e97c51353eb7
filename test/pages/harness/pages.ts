import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type Page, chromium } from 'playwright-core';
import { CHROMIUM_ARGS, ensureChromium } from '../../../scripts/setup.mjs';
import { bundlePage } from './bundle.mjs';

const require = createRequire(import.meta.url);

/** Opens pages of test/pages in a browser; closed once, after the last test of a file. */
export async function openPages(name: string): Promise<Pages> {
  const address: string = await bundlePage(name);
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
  return new Pages(browser, address);
}

/** Pages without an editor, and what is asked of each of them. */
export class Pages {
  /** What went wrong in the pages: errors that nobody caught, and what their policy refused. */
  readonly problems: string[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly address: string,
  ) {}

  async open(query: string, size = { width: 760, height: 720 }): Promise<Page> {
    const page = await this.browser.newPage({ viewport: size });
    page.on('pageerror', (error) => this.problems.push(String(error.stack)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    await page.goto(`${this.address}?${query}`);
    return page;
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** What axe finds wrong with a page, one line each: the rule, how bad, and where. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as {
      axe: {
        run(
          context: unknown,
          options: unknown,
        ): Promise<{
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const rules = { region: { enabled: false }, 'page-has-heading-one': { enabled: false } };
    const { violations } = await run.run(document, { rules, preload: false });
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 200)} ${failureSummary}`),
    );
  });
}
