import { expect, test } from 'vitest';
import { escapeMarkdown, paragraphs, table } from './markdown';

test.each([
  'a|b',
  '`code`',
  '[x](command:workbench.action.terminal.new)',
  '![x](http://example.org/x.png)',
  '<img src=x onerror=alert(1)>',
  '$(flame)',
  'https://example.org WWW.example.org me@example.org',
  '**bold** _thin_ __bold__ ~~gone~~ ü_x_ü',
  '&lt;b&gt; \\',
])('%s comes out as plain words', (text) => {
  const escaped = escapeMarkdown(text);
  const active = escaped.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/&#\d+;/g, '');
  expect(active).not.toMatch(/[`*[\]|~<>&$@\\]|:\S|www\.|\b_|_\b/i);
  expect(unescaped(escaped)).toBe(text);
});

test.each([
  ['# heading', '\\# heading'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  ['---', '\\---'],
  ['===', '\\==='],
])('%s is no block of its own', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped));

test.each(['val_accuracy', 'brisk-otter', '0.001', '-3', 'train.py: --lr (float)', 'loss/train', 'a b'])(
  '%s needs no escapes',
  (text) => expect(escapeMarkdown(text)).toBe(text),
);

test('a name with line breaks stays on one line', () =>
  expect(escapeMarkdown('a\n\n| b\r\tc')).toBe('a \\| b c'));

test('a name cannot turn the direction of the text', () => expect(escapeMarkdown('a\u202Eb')).toBe('ab'));

test('a name that is far too long ends in …', () => {
  const escaped = escapeMarkdown('x'.repeat(5_000));
  expect(escaped.length).toBe(80);
  expect(escaped.endsWith('…')).toBe(true);
});

test('a table has a head, a rule and a line a row', () =>
  expect(table(['left', 'right'], ['lr', 'runs'], [['1', '2']])).toBe('| lr | runs |\n|:--|--:|\n| 1 | 2 |'));

test('paragraphs leave out what is not there', () => expect(paragraphs(['a', null, '', 'b'])).toBe('a\n\nb'));

function unescaped(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
