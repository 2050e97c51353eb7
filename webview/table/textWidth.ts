let context: CanvasRenderingContext2D | null | undefined;

/** How wide a text is, in pixels. @param font as CSS writes it, such as `13px Inter`. */
export function textWidth(text: string, font: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return text.length * 7.5; // Without a canvas: the width of a usual letter.
  context.font = font;
  return context.measureText(text).width;
}
