import type { Size } from './panelsView';

/** A picture as large as it fits. Small ones stay sharp-edged: their pixels are what is looked at. */
export function drawPicture(
  ctx: CanvasRenderingContext2D,
  picture: ImageBitmap,
  size: Size,
  isSmooth: boolean,
): void {
  const scale = Math.min(size.width / picture.width, size.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  ctx.imageSmoothingEnabled = isSmooth || scale < 1;
  ctx.drawImage(picture, 0, 0, width, height);
}
