import type { Shape } from './shape';
import { catboost } from './shapes/catboost';
import { examples } from './shapes/examples';
import { keras } from './shapes/keras';
import { pairs } from './shapes/pairs';
import { place } from './shapes/place';
import { rounds } from './shapes/rounds';
import { sklearn } from './shapes/sklearn';
import { structured } from './shapes/structured';
import { boxes, tableHead, validationHead } from './shapes/tables';
import { tqdm } from './shapes/tqdm';
import { trainer } from './shapes/trainer';
import { words } from './shapes/words';

/** Every shape in the order in which they are tried: the particular ones first. */
export const shapes: readonly Shape[] = [
  trainer,
  structured,
  validationHead,
  tqdm,
  keras,
  rounds,
  catboost,
  sklearn,
  examples,
  boxes,
  tableHead,
  pairs,
  words,
  place,
];
