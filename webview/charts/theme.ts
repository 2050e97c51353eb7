import { color } from 'chart.js/helpers';

/** The colours of the window's theme that a canvas needs: it cannot read CSS variables itself. */
export interface Theme {
  readonly isHighContrast: boolean;
  readonly fontFamily: string;
  readonly foreground: string;
  readonly background: string;
  readonly description: string;
  readonly gridLine: string;
  readonly passed: string;
  readonly failed: string;
  /** Marks that are no run's. */
  readonly accent: string;
  readonly champion: string;
  readonly focus: string;
  /** By colour, 0 is grey. */
  readonly runs: readonly string[];
  /** The same, for lines that step back. */
  readonly faintRuns: readonly string[];
}

const COLOURS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const FAINT = 0.22;

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, otherwise: string) => {
    const value = style.getPropertyValue(`--vscode-${name}`).trim();
    return value === '' ? otherwise : value;
  };
  const foreground = read('foreground', '#888888');
  const description = read('descriptionForeground', foreground);
  const isHighContrast = /\bvscode-high-contrast/.test(document.body.className);
  const runs = [description, ...COLOURS.map((n) => read(`winnow-run${n}`, read('charts-blue', foreground)))];
  return {
    isHighContrast,
    fontFamily: read('font-family', 'sans-serif'),
    foreground,
    background: read('editor-background', 'transparent'),
    description,
    gridLine: read('winnow-gridLine', read('panel-border', '#80808030')),
    passed: read('testing-iconPassed', read('charts-green', foreground)),
    failed: read('testing-iconFailed', read('errorForeground', foreground)),
    accent: read('charts-blue', foreground),
    champion: read('winnow-champion', read('charts-yellow', foreground)),
    focus: read('focusBorder', foreground),
    runs: runs.map((run, index) => (index === 0 ? withAlpha(run, 0.5) : run)),
    faintRuns: runs.map((run) => withAlpha(run, FAINT)),
  };
}

/** A colour of the theme, seen through. `alpha` is 0 to 1. */
export function withAlpha(css: string, alpha: number): string {
  return color(css).alpha(alpha).rgbString();
}
