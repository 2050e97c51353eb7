/** A piece of a line in one look. `colour` is 0 to 15 as terminals count them; null: as the text around it. */
export interface OutputSpan {
  readonly text: string;
  readonly colour: number | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

export type OutputLine = readonly OutputSpan[];

interface Look {
  colour: number | null;
  isBold: boolean;
  isDim: boolean;
}

/**
 * The last lines of an output as a terminal would have left them: a carriage return goes back to the line's start, so
 * that of a progress bar its last state stays; colours are kept; every other control is taken out. Pure.
 * @param text the end of an output; it may begin in the middle of a line, which is left out when `isCut`.
 */
export function lastLines(text: string, maxLines: number, isCut = false): readonly OutputLine[] {
  const whole = isCut ? text.slice(text.indexOf('\n') + 1) : text;
  const lines = whole.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const look: Look = { colour: null, isBold: false, isDim: false };
  // Colours go on over lines; those before the ones that are shown are read for their last look only.
  return lines.map((line) => toSpans(line, look)).slice(-maxLines);
}

const CONTROLS =
  /\u001b\[([\d;:?<=>!]*)([@-~])|(?:\u001b[\]P^_X]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b.?|\r|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;
const MAX_LINE = 2_000; // Characters; what is longer is cut: the whole is in the output.

function toSpans(line: string, look: Look): OutputLine {
  const content = line.replace(/\r+$/, '');
  let spans: OutputSpan[] = [];
  let length = 0;
  let from = 0;
  const put = (text: string) => {
    const room = MAX_LINE - length;
    const kept = text.length > room ? `${text.slice(0, Math.max(0, room))}${room > 0 ? '…' : ''}` : text;
    length += text.length;
    if (kept !== '') spans.push({ text: kept, ...look });
  };
  for (const found of content.matchAll(CONTROLS)) {
    put(content.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[0] === '\r') {
      // What follows is written over it: a progress bar writes its whole line.
      spans = [];
      length = 0;
    } else if (found[2] === 'm') applyLook(found[1] ?? '', look);
    else if (found[2] === 'K' && (found[1] === '2' || found[1] === '1')) spans = [];
  }
  put(content.slice(from));
  return spans;
}

/** Select Graphic Rendition (ECMA-48): bold, dim, the sixteen colours; of 256 colours the first sixteen. */
function applyLook(codes: string, look: Look): void {
  const numbers = codes === '' ? [0] : codes.split(/[;:]/).map(Number);
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0;
    if (code === 0) Object.assign(look, { colour: null, isBold: false, isDim: false });
    else if (code === 1) look.isBold = true;
    else if (code === 2) look.isDim = true;
    else if (code === 22) look.isBold = look.isDim = false;
    else if (code >= 30 && code <= 37) look.colour = code - 30;
    else if (code >= 90 && code <= 97) look.colour = code - 82;
    else if (code === 39) look.colour = null;
    else if (code === 38 || code === 48) {
      const isIndexed = numbers[index + 1] === 5;
      const chosen = numbers[index + 2] ?? 16;
      if (code === 38 && isIndexed) look.colour = chosen < 16 ? chosen : null;
      index += isIndexed ? 2 : 4;
    }
  }
}
