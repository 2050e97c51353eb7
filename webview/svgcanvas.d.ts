/** The part of svgcanvas 2 that is used; the package brings no types of its own. */
declare module 'svgcanvas' {
  interface Options {
    readonly width: number;
    readonly height: number;
  }
  /** What a canvas can draw, drawn as an SVG. */
  export const Context: new (options: Options) => CanvasRenderingContext2D & { getSvg(): SVGSVGElement };
}
