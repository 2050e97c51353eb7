import type { Shape } from '../shape';

const TEST =
  /^(Test|Val|Valid|Validation|Train) set: (?:Average )?loss: ([-+\d.e]+|nan|inf), Accuracy: (\d+)\/(\d+)/i;

/** PyTorch's examples after an epoch: `Test set: Average loss: 0.0289, Accuracy: 9904/10000 (99%)`. */
export const examples: Shape = {
  id: 'examples',
  read(line) {
    const [, set = '', loss, right, of] = TEST.exec(line) ?? [];
    if (loss === undefined) return null;
    const name = set.toLowerCase();
    return {
      values: [
        { name: `${name}_loss`, value: Number(loss), sure: true },
        { name: `${name}_accuracy`, value: Number(right) / Number(of), sure: true },
      ],
    };
  },
};
