import { metricName } from '../names';
import { NUMBER, readNumber } from '../numbers';
import type { Shape } from '../shape';

const LINE = /^\d+\/(?:\d+|Unknown)\s.*?\d+(?:s|ms|us|:\d\d)\b.*? - /;
const PAIR = new RegExp(String.raw`^([\p{L}_].*): (${NUMBER})$`, 'iu');

/**
 * Keras, verbose=1 and 2: `1875/1875 ━━━━ 3s 1ms/step - accuracy: 0.9100 - loss: 0.3123`. What its bar shows on the
 * way are running means: only what stands at the end of the line counts. The epoch is said by the line before.
 */
export const keras: Shape = {
  id: 'keras',
  read(line) {
    if (!LINE.test(line)) return null;
    const values = line.split(' - ').flatMap((part) => {
      const [, name = '', number = ''] = PAIR.exec(part.trim()) ?? [];
      return name === '' ? [] : [{ name: metricName(name), value: readNumber(number), sure: true }];
    });
    return values.length === 0 ? null : { values, drawn: 'last' };
  },
};
