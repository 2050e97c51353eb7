import { describe, expect, test } from 'vitest';
import { findParamUses } from './paramUses';
import { symbolAt } from './symbols';

/** Asks at the place marked with ¦. */
const expectSymbol = (marked: string) => {
  const symbol = symbolAt(marked.replace('¦', ''), marked.indexOf('¦'));
  return expect(symbol === null ? null : `${symbol.kind} ${symbol.name}`);
};

const FLAGS = 'import argparse\np = argparse.ArgumentParser()\np.add_argument("-l", "--lr")\n';

describe('what stands at a place of the code', () => {
  test.each([
    ['mlflow.log_metric("lo¦ss", x)', 'metric loss'],
    ['mlflow.log_metric(¦"loss", x)', 'metric loss'],
    ['mlflow.log_metric("loss"¦, x)', 'metric loss'],
    ['mlflow.log_¦metric("loss", x)', null],
    ['mlflow.log_metric("loss", x¦)', null],
    ['mlflow.log_metrics({"a": 1, "b¦": 2})', 'metric b'],
    ['mlflow.log_param("l¦r", 3)', 'param lr'],
    ['client.log_param(run_id, "l¦r", 3)', 'param lr'],
    ['mlflow.log_params({"l¦r": 3})', 'param lr'],
    ['c = dict(l¦r=3)\nmlflow.log_params(c)', 'param lr'],
  ])('%s: %s', (code, symbol) => expectSymbol(code).toBe(symbol));

  test.each([
    ['args = p.parse_args()\nf(args.l¦r)', 'param lr'],
    ['a, rest = p.parse_known_args()\nf(a.l¦r)', 'param lr'],
    ['a, rest = p.parse_known_args()\nf(rest.l¦r)', null],
    ['ns = vars(p.parse_args())\nf(ns["l¦r"])', 'param lr'],
    ['def main(a):\n  f(a.l¦r)\nmain(p.parse_args())', 'param lr'],
    ['def g(args):\n  f(args.l¦r)', 'param lr'],
    ['f(args.lea¦rn)', null],
    ['f(other.l¦r)', null],
    ['train(l¦r=3)', 'param lr'],
    ['train(m¦=3)', null],
    ['p.add_argument("-¦l", "--lr")', 'param lr'],
  ])('with a flag --lr, %s: %s', (code, symbol) => expectSymbol(FLAGS + code).toBe(symbol));

  test('a file without flags may use any attribute of args', () =>
    expectSymbol('def build(args):\n  return Net(args.hid¦den)').toBe('param hidden'));

  test('a file without flags calls methods of args', () => expectSymbol('args.ke¦ys()').toBe(null));

  test.each([-1, 1e9, NaN])('place %d is outside of the text', (offset) =>
    expect(symbolAt('mlflow.log_metric("loss", x)', offset)).toBe(null),
  );

  test('every use is listed once, in order', () =>
    expect(
      findParamUses(`${FLAGS}args = p.parse_args()\ntrain(lr=args.lr)\nmlflow.log_param("lr", args.lr)`).map(
        ({ range }) => range.from,
      ),
    ).toSatisfy(
      (places: number[]) => places.length === 6 && places.every((p, i) => p > (places[i - 1] ?? -1)),
    ));
});
