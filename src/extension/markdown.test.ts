import { expect, test } from 'vitest';
import { escapeMarkdown } from './markdown';

test.each([
  ['[x](command:workbench.action.terminal.new)', '\\[x\\]\\(command:workbench\\.action\\.terminal\\.new\\)'],
  ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert\\(1\\)\\>'],
  ['a | b\nc', 'a \\| b c'],
  ['$(trash)', '\\$\\(trash\\)'],
])('%j is plain text', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped));
