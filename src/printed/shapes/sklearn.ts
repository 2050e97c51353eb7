import { NUMBER, readNumber } from '../numbers';
import type { Shape } from '../shape';

const FOLD = new RegExp(
  String.raw`^\[CV(?: (\d+)/\d+)?(?:; \d+/\d+)?\] END .*?(?:;,|;)\s*(?:(\w+):\s*)?(?:\(train=${NUMBER}, )?(?:test=|score=)(?:\(train=${NUMBER}, test=)?(${NUMBER})\)?.* total time=`,
);

/** A fold of scikit-learn's search: `[CV 1/5] END ....C=1.0;, score=0.950 total time=   0.0s`. One step a fold. */
export const sklearn: Shape = {
  id: 'sklearn',
  read(line) {
    const [, , scorer, score] = FOLD.exec(line) ?? [];
    if (score === undefined) return null;
    const name = scorer === undefined ? 'cv_score' : `cv_${scorer}`;
    return { values: [{ name, value: readNumber(score), sure: true }] };
  },
};
