import { describe, expect, it } from 'vitest';
import { readCurve } from './loggedCurve';
import { readHistogram, readHistograms } from './loggedHistograms';
import { readImageName, stepIn } from './loggedImage';
import { accuracyOf, readMatrix } from './loggedMatrix';

describe('a logged confusion matrix', () => {
  it.each([
    ['log_dict', 'cm.json', '{"labels": ["a", "b"], "matrix": [[3, 1], [0, 4]]}'],
    ['a bare list', 'cm.json', '[[3, 1], [0, 4]]'],
    ['log_table', 'cm.json', '{"columns": ["a", "b"], "data": [[3, 1], [0, 4]]}'],
    ['DataFrame.to_json()', 'cm.json', '{"a": {"a": 3, "b": 0}, "b": {"a": 1, "b": 4}}'],
    ['CSV with labels', 'cm.csv', ',a,b\na,3,1\nb,0,4\n'],
    ['CSV with a head', 'cm.csv', 'a,b\n3,1\n0,4\n'],
    ['CSV of numbers alone', 'cm.csv', '3,1\n0,4\n'],
  ])('is read from %s', (_, path, text) => {
    const found = readMatrix(path, text);
    expect(found?.counts).toEqual([
      [3, 1],
      [0, 4],
    ]);
    expect(found && accuracyOf(found)).toBeCloseTo(7 / 8);
    expect(['a', '0']).toContain(found?.labels[0]);
  });

  it('is none when it is not square, not of numbers, or far too large', () => {
    expect(readMatrix('cm.json', '[[1, 2, 3], [4, 5, 6]]')).toBeNull();
    expect(readMatrix('cm.json', '[["x", 2], [4, 5]]')).toBeNull();
    expect(readMatrix('cm.json', '{"accuracy": 0.9}')).toBeNull();
    expect(readMatrix('cm.json', '{"a": {"a": 3, "b": 0}, "b": {"a": 1}}')).toBeNull();
    expect(
      readMatrix('cm.json', JSON.stringify(Array.from({ length: 300 }, () => Array(300).fill(1)))),
    ).toBeNull();
  });
});

describe('a logged curve', () => {
  it('is read from what mlflow.log_table writes, and its area computed', () => {
    const text = '{"columns":["fpr","tpr","thresholds"],"data":[[0,0,null],[0.1,0.8,0.5],[1,1,0]]}';
    const found = readCurve('roc.json', text, 'roc');
    expect([...(found?.x ?? [])]).toEqual([0, 0.1, 1]);
    expect(found?.area).toBeCloseTo(0.04 + 0.81);
  });

  it('is read from CSV, whichever way recall goes, with the average precision of scikit-learn', () => {
    // sklearn.metrics.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) is 0.8333.
    const text =
      'precision,recall,thresholds\n0.5,1.0,0.1\n0.6666666,1.0,0.35\n0.5,0.5,0.4\n1.0,0.5,0.8\n1.0,0.0,\n';
    expect(readCurve('pr.csv', text, 'pr')?.area).toBeCloseTo(0.8333, 3);
  });

  it('counts recall from 0 where the first point lies further on', () => {
    expect(readCurve('pr.json', '{"precision": [1, 0.5], "recall": [0.5, 1]}', 'pr')?.area).toBe(0.75);
  });

  it('says the share of positives only of a PR curve that goes to the end', () => {
    const text = '{"precision": [0.25, 0.5, 1], "recall": [1, 0.5, 0]}';
    expect(readCurve('pr.json', text, 'pr')?.baseRate).toBe(0.25);
    expect(readCurve('pr.json', '{"precision": [1, 0.5], "recall": [0, 0.5]}', 'pr')?.baseRate).toBeNaN();
  });

  it('takes the infinities that Python writes, and lists by name', () => {
    const text = '{"roc_curve": {"fpr": [0, 0, 1], "tpr": [0, 1, 1], "thresholds": [Infinity, 0.5, NaN]}}';
    expect(readCurve('roc.json', text, 'roc')?.area).toBe(1);
  });

  it('is none without its columns', () => {
    expect(readCurve('roc.json', '{"fpr": [0, 1]}', 'roc')).toBeNull();
    expect(readCurve('roc.json', '{"fpr": [0, 1], "tpr": [0, 1]}', 'pr')).toBeNull();
    expect(() => readCurve('roc.json', '<html>', 'roc')).toThrow(SyntaxError);
  });
});

describe('logged histograms', () => {
  it('are read by step, in their order', () => {
    const text =
      '[{"step": 10, "counts": [1, 2], "bin_edges": [0, 1, 2]}, {"step": 0, "hist": [3, 4], "bins": [0, 1, 2]}]';
    expect(readHistograms('h.json', text).map(({ step, counts }) => [step, ...counts])).toEqual([
      [0, 3, 4],
      [10, 1, 2],
    ]);
  });

  it('are read from a CSV with a row a bin', () => {
    const text = 'step,left,right,count\n0,0,1,5\n0,1,2,6\n1,0,1,7\n1,1,2,8\n';
    expect(readHistograms('h.csv', text)).toEqual([
      { step: 0, edges: [0, 1, 2], counts: [5, 6] },
      { step: 1, edges: [0, 1, 2], counts: [7, 8] },
    ]);
  });

  it('are read from what mlflow.log_table writes, and from CSV with a list in a cell', () => {
    const table =
      '{"columns":["step","counts","bin_edges"],"data":[[0,[1,2],[0.0,1.0,2.0]],[5,[3,4],[0.0,1.0,2.0]]]}';
    const csv = 'step,counts,bin_edges\n0,"[1, 2]","[0. 1. 2.]"\n5,"[3, 4]","[0. 1. 2.]"\n';
    const both = [
      { step: 0, edges: [0, 1, 2], counts: [1, 2] },
      { step: 5, edges: [0, 1, 2], counts: [3, 4] },
    ];
    expect(readHistograms('h.json', table)).toEqual(both);
    expect(readHistograms('h.csv', csv)).toEqual(both);
  });

  it('are read from a file for each step, whose name has the step unless the file says it', () => {
    const made = { step: 7, edges: [0, 1, 2], counts: [1, 2] };
    expect(readHistogram('w_step_7.json', '{"counts": [1, 2], "bin_edges": [0, 1, 2]}', 7)).toEqual(made);
    expect(readHistogram('w.json', '{"step": 7, "hist": [1, 2], "bins": [0, 1, 2]}', 0)).toEqual(made);
    expect(readHistogram('w.json', '[1, 2]', 0)).toBeNull();
  });

  it('leave out what is not sound', () => {
    expect(readHistograms('h.json', '[{"step": 0, "counts": [1], "bin_edges": [1, 0]}]')).toEqual([]);
    expect(readHistograms('h.json', '{"a": 1}')).toEqual([]);
  });
});

describe('the names of pictures', () => {
  it('are those of mlflow.log_image, old and new', () => {
    const rest = 'timestamp+1795581382027+fd84ec63-1ee1-46f5-981c-580d5b9fac27';
    expect(readImageName(`samples~grid+step+10+${rest}.png`)).toEqual({
      key: 'samples/grid',
      step: 10,
      loggedAt: 1795581382027,
    });
    expect(readImageName(`a%step%3%${rest.replaceAll('+', '%')}.png`)).toMatchObject({ key: 'a', step: 3 });
    expect(readImageName(`samples+step+10+${rest}+compressed.webp`)).toBeNull();
  });

  it('are those that people give', () => {
    expect(readImageName('samples_step_100.png')).toMatchObject({ key: 'samples', step: 100 });
    expect(readImageName('epoch-7.jpg')).toMatchObject({ key: '', step: 7 });
    expect(readImageName('fakes_0012.png')).toMatchObject({ key: 'fakes', step: 12 });
    expect(readImageName('roc.png')).toMatchObject({ key: 'roc', step: 0 });
    expect(readImageName('model.pkl')).toBeNull();
  });

  it('tell the step of files of any kind', () => {
    expect(stepIn('weights_step_30.json')).toBe(30);
    expect(stepIn('0012.json')).toBe(12);
    expect(stepIn('weights.json')).toBeNull();
  });
});
