/** What a word of a name begins with: letters of any script, without the cost of Unicode classes. */
export const LETTER = String.raw`[A-Za-z_\u00aa-\u2019\u3000-\uffff]`;

/** The source of a regular expression for a number as programs print it, not a part of a longer word. */
export const NUMBER = String.raw`[-+]?(?:\d+(?:_\d{3})*(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|[nN][aA][nN]|[iI][nN][fF](?:inity)?)`;

/**
 * What may not come behind a number: then it is a part of a version, a date, a time, an address or a quantity with a
 * unit (`1.2.3`, `2024-01-02`, `12:30`, `10/100`, `0x1f`, `30ms`, `512 MB`).
 */
export const NUMBER_END = String.raw`(?![\w.:/\\@-]*[\w/\\@]|-\w| ?(?:[kKMGT]i?B|B|bytes|ms|µs|us|ns|s|sec|secs|seconds?|min|mins|minutes?|h|hrs?|hours?|it/s|[kKMG]?Hz|W|J|GPUs?|°C|x)\b(?!\s*[:=]))`;

/** NaN and the infinities as Python, C and NumPy write them, in any case. */
export function readNumber(text: string): number {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  const plain = text.replaceAll('_', '').toLowerCase();
  if (/^[-+]?nan$/.test(plain)) return Number.NaN;
  if (/^[-+]?inf(inity)?$/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  return Number(plain);
}
