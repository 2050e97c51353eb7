import { expect, test } from 'vitest';
import { htmlPreview } from './htmlPreview';

const HOSTILE = `"></iframe><script>alert(1)</script><meta http-equiv="Content-Security-Policy" content="default-src *">&quot;`;

test("a stranger's page stays inside its frame, whatever it has in it", () => {
  const page = htmlPreview(HOSTILE, `<b>${HOSTILE}`);
  expect(page.match(/<script/g)).toBeNull();
  expect(page.match(/<iframe/g)).toHaveLength(1);
  expect(page.match(/<\/iframe>/g)).toHaveLength(1);
  expect(page).toContain('sandbox=""');
  expect(page).not.toContain('allow-');
});

test('the policy comes before everything of the page and lets nothing be loaded', () => {
  const page = htmlPreview('<h1>x</h1>', '');
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<iframe'));
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/script-src|https?:|connect-src/);
});
