import { stringOf } from './literals';
import { findMetricNames } from './metrics';
import { findParams } from './params/findParams';
import { nodesOf, readPython, textOf } from './python';
import { isTrainingName } from './trainingNames';

/** How much a script looks like one that trains a model. */
export interface TrainingSigns {
  /** 0: no sign of it. The script with the most is the one to offer. */
  readonly score: number;
  /** What was seen, to be put behind "because it": "logs metrics with MLflow, takes --lr and --epochs". */
  readonly why: string;
}

/** Reads a script for the signs of training: logged metrics, params of training, calls that fit, a main part. */
export function looksLikeTraining(source: string): TrainingSigns {
  const file = readPython(source);
  const calls = new Set(file.calls.map(({ name }) => name));
  const signs: { readonly points: number; readonly what: string }[] = [];

  const metrics = findMetricNames(source);
  const usesMlflow = /^\s*(import|from)\s+mlflow\b/m.test(source);
  const logsByItself = usesMlflow && calls.has('autolog');
  if (metrics.length > 0 || logsByItself) {
    signs.push({
      points: usesMlflow ? 5 : 4,
      what: usesMlflow ? 'logs metrics with MLflow' : 'logs metrics',
    });
  }
  const flags = findParams(source)
    .filter(({ name }) => isTrainingName(name))
    .map(({ flag, name }) => flag ?? name);
  if (flags.length > 0) signs.push({ points: 3, what: `takes ${listed(flags.slice(0, 3))}` });
  const fits = FITTING.filter((name) => calls.has(name));
  if (fits[0] !== undefined) signs.push({ points: 3, what: `calls ${fits[0]}()` });
  if (signs.length > 0 && hasMain(source)) signs.push({ points: 1, what: 'is a program of its own' });

  const isTest = /^\s*(import|from)\s+(pytest|unittest)\b/m.test(source);
  const score = signs.reduce((sum, { points }) => sum + points, 0);
  return { score: isTest ? 0 : score, why: signs.map(({ what }) => what).join(', ') };
}

const FITTING = ['backward', 'fit', 'partial_fit', 'train', 'train_on_batch', 'boost'];

function hasMain(source: string): boolean {
  const file = readPython(source);
  return nodesOf(file, 'BinaryExpression').some(
    (node) =>
      node.firstChild !== null &&
      textOf(file, node.firstChild) === '__name__' &&
      stringOf(file, node.lastChild) === '__main__',
  );
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
