import type { HoverFeature } from './feature';
import { metricHover } from './metricHover';
import { paramHover } from './paramHover';

/** All hovers. */
export const hoverFeatures: readonly HoverFeature[] = [metricHover, paramHover];
