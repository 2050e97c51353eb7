import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown';

describe('a note', () => {
  it('is Markdown', () => {
    expect(renderMarkdown('# A\n\n- **b**\n\n| x |\n|---|\n| 1 |')).toMatch(
      /<h1>A<\/h1>[^]*<strong>b<\/strong>[^]*<td>1<\/td>/,
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<iframe src="https://example.com"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<svg onload=alert(1)>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('shows tags as the text that they are: %s', (text) => {
    expect(renderMarkdown(text)).not.toMatch(/<(script|img|iframe|a|svg)\b/i);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](  JaVaScRiPt:alert(1))',
    '[x](command:winnow.purge)',
    '[x](vscode://a/b)',
    '[x](file:///etc/passwd)',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](java\tscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '![x](https://example.com/x.png)<!-- a picture would be loaded -->',
  ])('links nowhere but to web pages: %s', (text) => {
    const html = renderMarkdown(text);
    expect(html).not.toMatch(/<img/);
    for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https:\/\/example\.com/);
  });

  it.each([
    ['![a chart](notes/val%20loss.png)', 'notes/val loss.png', 'a chart'],
    ['![](plots/é.svg)', 'plots/é.svg', ''],
    ['![<b>"x"</b>](a.png)', 'a.png', '&lt;b&gt;&quot;x&quot;&lt;/b&gt;'],
  ])('leaves room for a picture among the files of the run: %s', (text, artifact, name) => {
    expect(renderMarkdown(text)).toBe(`<p><img data-artifact="${artifact}" alt="${name}"></p>\n`);
  });

  it.each([
    '![x](/etc/x.png)',
    '![x](../other/x.png)',
    '![x](a/./x.png)',
    '![x](%2e%2e/x.png)',
    '![x](C:\\x.png)',
    '![x](a.png?y)',
    '![x](a.html)',
    '![x](%E0%A4%A.png)',
  ])('leaves no room for any other: %s', (text) => {
    expect(renderMarkdown(text)).not.toContain('<img');
  });

  it('leads to no file', () => {
    expect(renderMarkdown('[x](notes/a.png)')).toBe('<p><a>x</a></p>\n');
  });

  it('keeps a link to a web page, and what is in its address', () => {
    expect(renderMarkdown('[x](https://example.com/?a="b"&c)')).toContain(
      'href="https://example.com/?a=%22b%22&amp;c"',
    );
  });

  it('does not hang on a note that is made to', () => {
    const startedAt = performance.now();
    for (const text of ['['.repeat(8000), '*a '.repeat(2600), '> '.repeat(4000), '`'.repeat(8000)])
      renderMarkdown(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
