import { kindOfName, metricName } from '../names';
import { NUMBER_END } from '../numbers';
import { positionIn } from '../position';
import type { Shape } from '../shape';

const SAID = new RegExp(
  String.raw`(?<![\w.@/-])([A-Za-z_][\w@/-]*(?: [A-Za-z_][\w@/-]*){0,2}) ([-+]?\d+\.\d*(?:[eE][-+]?\d+)?|nan|[-+]?inf)${NUMBER_END}`,
  'gi',
);

/** `step 0: train loss 4.2, val loss 4.3`: a metric's word, a space, a number with a point. */
export const words: Shape = {
  id: 'words',
  read(line) {
    const values = [...line.matchAll(SAID)].flatMap(([, said = '', number = '']) => {
      const name = metricName(
        said.replace(/^.*\b(?:with|the|of|is|was|at|for|and|to|has|on|in|now|new) /i, ''),
      );
      return kindOfName(name) === 'metric'
        ? [{ name, value: Number(number.replace(/inf$/i, 'Infinity')) }]
        : [];
    });
    if (values.length === 0) return null;
    const at = positionIn(line);
    return { values, ...(at === null ? {} : { at }) };
  },
};
