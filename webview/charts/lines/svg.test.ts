import { describe, expect, it } from 'vitest';
import { aRun, aSeries } from '../fixtures';
import type { Theme } from '../theme';
import { chartOf } from './fixtures';
import { svgOf } from './svg';

const theme: Theme = {
  isHighContrast: false,
  fontFamily: '"Segoe UI", sans-serif',
  foreground: '#ccc',
  background: '#1f1f1f',
  description: '#999',
  gridLine: '#333',
  passed: '#0f0',
  failed: '#f00',
  accent: '#4ea3f3',
  champion: '#ddb100',
  focus: '#0078d4',
  runs: ['#888', '#4ea3f3'],
  faintRuns: ['#888', '#4ea3f3'],
};
const axes = {
  width: 400,
  height: 200,
  area: { left: 40, top: 6, right: 392, bottom: 180 },
  x: [{ value: 1, label: '1' }],
  y: [{ value: 1, label: '1.0' }],
};

describe('a chart as SVG', () => {
  it('has its title, axes and lines, and carries nothing out that a name brings along', () => {
    const run = aRun({ name: '<script>alert(1)</script>"', slot: 1 });
    const svg = svgOf(chartOf([[run, aSeries(run, [1, 2, 3])]]), axes, theme, 'a & b');
    expect(svg).toContain('a &#38; b');
    expect(svg).toMatch(/<path d="M[\d. L]+" stroke="#4ea3f3"/);
    expect(svg).toContain('>1.0</text>');
    expect(svg).not.toContain('<script');
  });

  it('is none without points', () => {
    expect(svgOf(chartOf([]), axes, theme, 'empty')).toBeNull();
  });
});
