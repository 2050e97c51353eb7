import type { Theme } from '../theme';
import { colourOf, dashOf } from './look';
import type { PreparedLines } from './types';

const HEAD = 44; // Pixels for the title and the legend.

/** A drawn chart as a PNG on the page's background, with its title and the names of its lines. */
export async function pictureOf(
  drawn: HTMLCanvasElement,
  chart: PreparedLines | null,
  theme: Theme,
  title: string,
): Promise<Uint8Array> {
  const ratio = drawn.width / Math.max(1, drawn.clientWidth);
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width;
  canvas.height = drawn.height + Math.round(HEAD * ratio);
  const ctx = canvas.getContext('2d');
  if (ctx === null) throw new Error('The browser gives no canvas to draw on.');
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(drawn, 0, Math.round(HEAD * ratio));
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.foreground;
  ctx.font = `600 12px ${theme.fontFamily}`;
  ctx.fillText(title, 8, 16);
  ctx.font = `11px ${theme.fontFamily}`;
  let x = 8;
  for (const line of chart?.lines ?? []) {
    const width = ctx.measureText(line.name).width;
    if (x + width + 18 > canvas.width / ratio) break;
    ctx.strokeStyle = colourOf(line, theme);
    ctx.lineWidth = 2.5;
    ctx.setLineDash([...dashOf(line, theme)]);
    ctx.beginPath();
    ctx.moveTo(x, 31);
    ctx.lineTo(x + 14, 31);
    ctx.stroke();
    ctx.fillText(line.name, x + 18, 35);
    x += width + 34;
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser made no picture of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
