import { type TemplateResult, html } from 'lit';
import type { OutputEnd } from '../../../src/api/runPage';
import type { OutputLine, OutputSpan } from '../../../src/model/outputLines';

/** The last lines of an output, in the colours of the person's terminal. */
export function outputLines({ lines }: OutputEnd): TemplateResult {
  return html`<pre class="output-lines" tabindex="0">
${lines.map((line) => html`<div>${line.length === 0 ? ' ' : line.map(span)}</div>`)}</pre>`;
}

function span({ text, colour, isBold, isDim }: OutputSpan): TemplateResult | string {
  if (colour === null && !isBold && !isDim) return text;
  const names = [
    ...(colour === null ? [] : [`ansi${colour}`]),
    ...(isBold ? ['strong'] : []),
    ...(isDim ? ['dim'] : []),
  ];
  return html`<span class=${names.join(' ')}>${text}</span>`;
}

/** What a screen reader or a test reads: the lines without looks. */
export function plainText(lines: readonly OutputLine[]): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
}
