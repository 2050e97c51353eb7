let context: CanvasRenderingContext2D | null | undefined;
const fonts = new Map<string, Map<string, number>>();

/**
 * How wide a text is, in pixels, letter by letter: each is measured once, since five hundred headings are laid out
 * before the first row is seen. Letters that move together are a little narrower.
 * @param font as CSS writes it, such as `13px Inter`.
 */
export function textWidth(text: string, font: string): number {
  let letters = fonts.get(font);
  if (letters === undefined) fonts.set(font, (letters = new Map()));
  let sum = 0;
  for (const letter of text) {
    let width = letters.get(letter);
    if (width === undefined) letters.set(letter, (width = measured(letter, font)));
    sum += width;
  }
  return sum;
}

function measured(letter: string, font: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return 7.5; // Without a canvas: the width of a usual letter.
  context.font = font;
  return context.measureText(letter).width;
}
