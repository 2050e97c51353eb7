import { color } from 'chart.js/helpers';
import type { Theme } from '../theme';

type Lab = readonly [l: number, a: number, b: number];

const STEPS = 64; // Finer than eyes tell apart.

/**
 * Colours from little to much: from near the page's background to the theme's blue and on to its foreground, in steps
 * that look alike. Lightness only rises (on dark pages) or falls (on light ones), so it reads without colour as well.
 * Mixed in OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020).
 */
export function rampOf(theme: Theme): readonly string[] {
  const [from, middle, to] = [theme.background, theme.accent, theme.foreground].map(labOf);
  if (from === undefined || middle === undefined || to === undefined) return [];
  const low = mixed(from, middle, 0.16);
  const high = mixed(middle, to, theme.isHighContrast ? 1 : 0.72);
  const [first, second] = [distance(low, middle), distance(middle, high)];
  const turn = first / Math.max(1e-9, first + second);
  return Array.from({ length: STEPS }, (_, index) => {
    const share = index / (STEPS - 1);
    return cssOf(
      share <= turn
        ? mixed(low, middle, share / Math.max(1e-9, turn))
        : mixed(middle, high, (share - turn) / Math.max(1e-9, 1 - turn)),
    );
  });
}

/** The colour at a share from 0 to 1. */
export function colourAt(ramp: readonly string[], share: number): string {
  const index = Math.round(Math.min(1, Math.max(0, share)) * (ramp.length - 1));
  return ramp[index] ?? 'transparent';
}

/** Whether text on a colour is to be the page's background rather than its foreground. */
export function isNearer(css: string, a: string, b: string): boolean {
  const [one, first, second] = [css, a, b].map((each) => labOf(each)[0]);
  return Math.abs((one ?? 0) - (first ?? 0)) < Math.abs((one ?? 0) - (second ?? 0));
}

function mixed(a: Lab, b: Lab, share: number): Lab {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function distance(a: Lab, b: Lab): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function labOf(css: string): Lab {
  const { r, g, b } = color(css).rgb;
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const [red, green, blue] = [linear(r), linear(g), linear(b)];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function cssOf([lightness, a, b]: Lab): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channel = (linear: number) => {
    const share = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, share)) * 255);
  };
  const red = channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return `rgb(${red}, ${green}, ${blue})`;
}
