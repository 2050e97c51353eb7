/** The part of d3-contour 4 that is used; the package brings no types of its own. */
declare module 'd3-contour' {
  /** Polygons of GeoJSON, each a ring around and rings of its holes, in units of the grid. */
  export interface Contour {
    readonly value: number;
    readonly coordinates: readonly (readonly (readonly (readonly [x: number, y: number])[])[])[];
  }
  interface Contours {
    (values: ArrayLike<number>): Contour[];
    size(size: readonly [width: number, height: number]): Contours;
    thresholds(values: readonly number[]): Contours;
  }
  export function contours(): Contours;
}
