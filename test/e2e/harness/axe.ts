import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FrameLocator } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds serious in a page of the extension, one line each. */
export async function seriousIn(content: FrameLocator): Promise<readonly string[]> {
  const body = await content.locator('body').elementHandle();
  const frame = await body?.ownerFrame();
  if (frame === null || frame === undefined) throw new Error('The page has no frame.');
  // As an expression: the page's policy lets no script in.
  await frame.evaluate(readFileSync(AXE, 'utf8'));
  const run = `axe.run(document, { preload: false }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`;
  return frame.evaluate<string[]>(run);
}
