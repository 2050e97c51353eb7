import { positionIn } from '../position';
import type { Shape } from '../shape';

/** A line that says where the training is and nothing else: `Epoch 3/10`, `epoch: 3`, `Step 100`. */
export const place: Shape = {
  id: 'place',
  read(line) {
    if (line.length > 60) return null; // A sentence that mentions a step is no head.
    const at = positionIn(line);
    return at === null ? null : { values: [], at };
  },
};
