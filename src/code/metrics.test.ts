import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findMetricNames } from './metrics';

const expectMetrics = (source: string) => expect(findMetricNames(source).map(({ name }) => name));

describe('metric names', () => {
  test.each([
    ['mlflow.log_metric("loss", x, step=1)', 'loss'],
    ["log_metric('loss', x)", 'loss'],
    ['mlflow.log_metric(key="loss", value=x)', 'loss'],
    ['client.log_metric(run.info.run_id, "loss", x)', 'loss'],
    ['client.log_metric(run_id, key="loss", value=x)', 'loss'],
    ['mlflow.log_metric("lo|ss", x)', 'lo|ss'],
    ['mlflow.log_metric("val/" "loss", x)', 'val/loss'],
    ['mlflow.log_metric(f"loss", x)', 'loss'],
    ['self.log("train_loss", loss, prog_bar=True)', 'train_loss'],
    ['writer.add_scalar("loss/train", x, 3)', 'loss/train'],
    ['tf.summary.scalar("loss", x)', 'loss'],
    ['import mlflow\nMetric("loss", 1.0, 0, 3)', 'loss'],
  ])('%s logs %s', (code, name) => expectMetrics(code).toEqual([name]));

  test.each([
    ['mlflow.log_metrics({"a": 1, "b": f(2)}, step=1)'],
    ['mlflow.log_metrics(metrics={"a": 1, **more, "b": 2})'],
    ['mlflow.log_metrics(dict(a=1, b=2))'],
    ['m = {"a": 1, "b": 2}\nmlflow.log_metrics(m)'],
    ['m = {"a": 1}\nm["b"] = 2\nmlflow.log_metrics(m, step=1)'],
    ['m: dict = {"a": 1}\nm.update({"b": 2})\nmlflow.log_metrics(m)'],
    ['self.log_dict({"a": 1, "b": 2})'],
    ['wandb.log({"a": 1, "b": 2})'],
  ])('%s logs a and b', (code) => expectMetrics(code).toEqual(['a', 'b']));

  test.each([
    'mlflow.log_metric(f"val_{name}", x)',
    'mlflow.log_metric(name, x)',
    'mlflow.log_metric("val_" + name, x)',
    'logger.log(logging.INFO, "epoch %d", 3)',
    'self.log("starting")',
    'mlflow.log_dict({"a": 1}, "config.json")',
    'np.log({"a"})',
    '# mlflow.log_metric("loss", x)',
    'print("mlflow.log_metric(\\"loss\\", x)")',
  ])('%s logs none that is known', (code) => expectMetrics(code).toEqual([]));

  test('stand where the string stands', () => {
    const source = 'mlflow.log_metric("loss", x)';
    const [metric] = findMetricNames(source);
    expect(source.slice(metric?.range.from, metric?.range.to)).toBe('"loss"');
  });

  test('are found in the example', () =>
    expectMetrics(readFileSync('examples/digits/train.py', 'utf8')).toEqual([
      'loss',
      'accuracy',
      'val_loss',
      'val_accuracy',
    ]));

  test('are found around broken code', () =>
    expectMetrics('def f(:\n  mlflow.log_metric("a", x\n\nmlflow.log_metric("b", y)\nx = "open').toContain(
      'b',
    ));

  test('are found in a file of a megabyte', () =>
    expect(findMetricNames('m = {"a": 1}\nmlflow.log_metrics(m)\n'.repeat(28_000)).length).toBe(28_000));

  test('a file that is nested without end gives what it gives', () => {
    for (const opening of ['(', '[', '{', 'f(', 'a[', 'x.y(', 'f"{', 'lambda: ', 'not ', '-'])
      expect(() => findMetricNames(opening.repeat(5_000))).not.toThrow();
  });
});
