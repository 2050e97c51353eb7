import { describe, expect, it } from 'vitest';
import { lastLines } from './outputLines';

const texts = (output: string, max = 10, isCut = false) =>
  lastLines(output, max, isCut).map((line) => line.map(({ text }) => text).join(''));

describe('the last lines of an output', () => {
  it('are as many as asked for, without an empty one at the end', () => {
    expect(texts('a\nb\nc\n', 2)).toEqual(['b', 'c']);
    expect(texts('')).toEqual([]);
    expect(texts('a\n\nb')).toEqual(['a', '', 'b']);
  });

  it('leave out a line whose start was cut off', () =>
    expect(texts('tail\nwhole\n', 10, true)).toEqual(['whole']));

  it('keep of a progress bar what it wrote last', () => {
    expect(texts('10%\r50%\r100%\ndone\r\n')).toEqual(['100%', 'done']);
    expect(texts('10%\r')).toEqual(['10%']);
  });

  it('keep colours, also over lines', () => {
    const [first, second, third] = lastLines(
      '\u001b[1;31mbad\u001b[0m ok\n\u001b[33mwarn\nstill\u001b[39m x',
      10,
    );
    expect(first).toEqual([
      { text: 'bad', colour: 1, isBold: true, isDim: false },
      { text: ' ok', colour: null, isBold: false, isDim: false },
    ]);
    expect(second?.[0]?.colour).toBe(3);
    expect(third?.map(({ colour }) => colour)).toEqual([3, null]);
    expect(
      lastLines('\u001b[92mhi\u001b[38;5;4mx\u001b[38;2;1;2;3my', 1)[0]?.map(({ colour }) => colour),
    ).toEqual([10, 4, 4]);
  });

  it('take out what acts on a terminal', () => {
    expect(
      texts('\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\\u001b[2J\u0000\u0008b'),
    ).toEqual(['alinkb']);
    expect(texts('\u001b[?25lx\u001bcy')).toEqual(['xy']);
  });

  it('cut a line that nobody would read to its end', () => {
    const [line] = texts('x'.repeat(1_000_000));
    expect(line?.length).toBe(2_001);
  });
});
