import type { Theme } from '../theme';

const HEAD = 30; // Pixels for the title.

/** A picture on the page's background under a title. `paint` draws in CSS pixels; its own (0, 0) is below the title. */
export async function paintPicture(
  size: { readonly width: number; readonly height: number },
  theme: Theme,
  title: string,
  paint: (ctx: CanvasRenderingContext2D) => void,
): Promise<Uint8Array> {
  const ratio = Math.max(1, window.devicePixelRatio);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(size.width * ratio));
  canvas.height = Math.max(1, Math.round((size.height + HEAD) * ratio));
  const ctx = canvas.getContext('2d');
  if (ctx === null) throw new Error('The browser gives no canvas to draw on.');
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, size.width, size.height + HEAD);
  ctx.fillStyle = theme.foreground;
  ctx.font = `600 12px ${theme.fontFamily}`;
  ctx.fillText(title, 8, 18, size.width - 16);
  ctx.translate(0, HEAD);
  paint(ctx);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser made no picture of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
