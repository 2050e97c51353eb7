/** Without the characters that XML has no way to write (XML 1.0, 2.2): one of them in a name and no program opens the file. */
export function xmlText(words: string): string {
  return words.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
}
