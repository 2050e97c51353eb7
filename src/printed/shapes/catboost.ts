import { metricName } from '../names';
import type { Shape } from '../shape';

const ROW = /^(\d{1,9}):\s+(?:learn|test|test1):/;
const COLUMN = /(learn|test\d*):\s+([-+\d.e]+)/g;

/** `10:⇥learn: 0.5⇥test: 0.6⇥best: 0.6 (8)⇥total: 1s⇥remaining: 9s`. What is best follows from the series. */
export const catboost: Shape = {
  id: 'catboost',
  read(line) {
    const row = ROW.exec(line);
    if (row === null) return null;
    const values = [...line.matchAll(COLUMN)].map(([, name = '', number]) => ({
      name: metricName(name),
      value: Number(number),
      sure: true,
    }));
    return { values, at: { step: Number(row[1]) } };
  },
};
