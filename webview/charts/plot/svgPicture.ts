import {
  BasicPlatform,
  Chart,
  type ChartConfiguration,
  type ChartType,
  type DefaultDataPoint,
  type Plugin,
} from 'chart.js';
import { Context } from 'svgcanvas';
import type { Theme } from '../theme';
import { xmlText } from './xmlText';

interface Size {
  readonly width: number;
  readonly height: number;
}

const HEAD = 30; // Pixels for the title, as in `paintPicture`.

/** A chart of Chart.js as an SVG: the same configuration drawn once more, into a canvas that writes down what is drawn. */
export function chartSvg(
  size: Size,
  theme: Theme,
  title: string,
  config: ChartConfiguration,
  plugins: readonly Plugin[],
): string {
  const ctx = contextOf(size);
  // Nothing moves, nothing is resized, and nobody points at it.
  const still = { responsive: false, maintainAspectRatio: false, devicePixelRatio: 1, animation: false };
  Object.assign(config, { platform: BasicPlatform, plugins: [...plugins] });
  config.options = Object.assign(config.options ?? {}, still);
  const canvas = Object.assign(ctx, { getContext: () => ctx });
  const chart = withStyles(() => new Chart<ChartType, DefaultDataPoint<ChartType>, unknown>(canvas, config));
  try {
    return documentOf(size, theme, title, ctx.getSvg());
  } finally {
    chart.destroy();
  }
}

/** What `paint` draws as an SVG; its own (0, 0) is below the title. */
export function paintSvg(
  size: Size,
  theme: Theme,
  title: string,
  paint: (ctx: CanvasRenderingContext2D) => void,
): string {
  const ctx = contextOf(size);
  withStyles(() => paint(ctx));
  return documentOf(size, theme, title, ctx.getSvg());
}

const PATHS = [
  'moveTo',
  'lineTo',
  'bezierCurveTo',
  'quadraticCurveTo',
  'arc',
  'arcTo',
  'rect',
  'fillRect',
  'strokeRect',
  'clearRect',
] as const;

/** As a canvas does, it draws nothing where a number is none. */
function contextOf(size: Size) {
  const ctx = new Context(size);
  for (const name of PATHS) {
    const draw: unknown = ctx[name];
    if (typeof draw !== 'function') continue;
    Object.assign(ctx, {
      [name]: (...numbers: readonly unknown[]) => {
        if (numbers.every((one) => typeof one !== 'number' || Number.isFinite(one)))
          Reflect.apply(draw, ctx, numbers);
      },
    });
  }
  return ctx;
}

/**
 * The library reads a font by giving an element a style as an attribute, which the page's policy forbids; by script
 * it may. Nothing else runs meanwhile.
 */
function withStyles<T>(work: () => T): T {
  const { prototype } = HTMLSpanElement;
  prototype.setAttribute = function (name, value) {
    if (name === 'style') this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
  try {
    return work();
  } finally {
    Reflect.deleteProperty(prototype, 'setAttribute');
  }
}

/** The whole document, with the page's background and a title. The DOM escapes what runs are called. */
function documentOf({ width, height }: Size, theme: Theme, title: string, inside: SVGSVGElement): string {
  const make = (name: string, attributes: Readonly<Record<string, string | number>>, text = '') => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = text;
    return element;
  };
  const whole = { width: Math.ceil(width), height: Math.ceil(height + HEAD) };
  const root = make('svg', { ...whole, viewBox: `0 0 ${whole.width} ${whole.height}` });
  const look = { 'font-family': theme.fontFamily, 'font-size': 12, 'font-weight': 600 };
  inside.setAttribute('y', String(HEAD));
  root.append(
    make('title', {}, title),
    make('rect', { ...whole, fill: theme.background }),
    make('text', { x: 8, y: 18, fill: theme.foreground, ...look }, title),
    inside,
  );
  return xmlText(new XMLSerializer().serializeToString(root));
}
