import { metricName } from '../names';
import { readNumber } from '../numbers';
import type { Shape } from '../shape';

const ENTRY = /'([^']+)': (?:'([^']*)'|([-+\w.]+))(?=, '|\}$)/g;

/**
 * The dicts of transformers' Trainer: `{'loss': '0.1778', 'learning_rate': '1.265e-05', 'epoch': '1.292'}`, in older
 * versions with plain numbers. Their step is that of the bar around them.
 */
export const trainer: Shape = {
  id: 'trainer',
  read(line) {
    if (!line.startsWith("{'") || !line.endsWith('}')) return null;
    const entries = [...line.matchAll(ENTRY)].map(
      ([, name = '', quoted, plain]) => [name, readNumber(quoted ?? plain ?? '')] as const,
    );
    const isTrainer =
      entries.some(([name]) => name === 'epoch') && /'(?:\w*_)?(?:loss|runtime|reward)'/.test(line);
    if (!isTrainer) return null;
    const numbers = entries.filter(([, value]) => !Number.isNaN(value) || /nan/i.test(line));
    return {
      values: numbers
        .filter(([name]) => name !== 'epoch' && name !== 'step')
        .map(([name, value]) => ({ name: metricName(name), value, sure: true })),
      ...step(numbers),
      waitsForBar: true,
    };
  },
};

function step(numbers: readonly (readonly [string, number])[]): { at?: { step: number } } {
  const said = numbers.find(([name]) => name === 'step')?.[1];
  return said === undefined || !Number.isSafeInteger(said) ? {} : { at: { step: said } };
}
