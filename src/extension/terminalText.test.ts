import { describe, expect, test } from 'vitest';
import { TerminalText } from './terminalText';

const through = (...pieces: string[]) => {
  const text = new TerminalText();
  return pieces.map((piece) => text.next(piece)).join('') + text.end();
};

describe("a script's output in a terminal", () => {
  test('starts each line at the left', () => {
    expect(through('a\nb\r\nc')).toBe('a\r\nb\r\nc');
  });

  test('keeps a carriage return of a progress bar, also when it is cut off from its line end', () => {
    expect(through('10 %\r20 %\r', '30 %\r', '\ndone')).toBe('10 %\r20 %\r30 %\r\ndone');
  });

  test('keeps colours and movements of the cursor', () => {
    expect(through('\u001b[31mred\u001b[0m \u001b[2K\u001b[1A')).toBe(
      '\u001b[31mred\u001b[0m \u001b[2K\u001b[1A',
    );
  });

  test('keeps a colour whose sequence is cut in two', () => {
    expect(through('\u001b[3', '1mred')).toBe('\u001b[31mred');
  });

  test.each([
    ['a title', '\u001b]0;root@bank\u0007'],
    ['a link', '\u001b]8;;command:evil\u001b\\'],
    ['the clipboard', '\u001b]52;c;cm0gLXJmIH4=\u0007'],
    ['a device string', '\u001bP1$r0m\u001b\\'],
    ['a question to the terminal', '\u001b[6n'],
    ['the reset of the terminal', '\u001bc'],
  ])('drops %s', (_what, sequence) => {
    expect(through(`before${sequence}after`)).toBe('beforeafter');
    expect(through(`before${sequence.slice(0, 3)}`, `${sequence.slice(3)}after`)).toBe('beforeafter');
  });
});
