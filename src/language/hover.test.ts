import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { openRunArgument, showChartsArgument } from '../api/language';
import { getHover } from './hover';
import { NOW, OTTER, STOAT, metricUsage, paramUsage, runNamed, usageOf } from './testUsage';
import type { UsageSource } from './usage';

const FOLDER = '/work (1)/digits';
const METRIC = 'mlflow.log_metric("val_¦accuracy", x)';
const FLAG =
  'import argparse\np = argparse.ArgumentParser()\np.add_argument("--l¦r", type=float, default=3e-3)';

/** The hover's Markdown at the place marked with ¦, escapes taken away, the picture left out. */
async function hover(marked: string, usage: UsageSource, signal = new AbortController().signal) {
  const raw = await rawHover(marked, usage, signal);
  return raw
    ?.replace(/!\[.*?\]\(data:image[^)]*\)\n\n/s, '')
    .replace(/\(command:[^)]*\)/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

async function rawHover(marked: string, usage: UsageSource, signal = new AbortController().signal) {
  const document = TextDocument.create('file:///train.py', 'python', 1, marked.replace('¦', ''));
  const answer = await getHover(
    document,
    document.positionAt(marked.indexOf('¦')),
    { usage, folder: FOLDER, fileName: 'train.py', theme: 'dark', now: NOW },
    signal,
  );
  if (answer === null) return null;
  if (typeof answer.contents !== 'object' || !('value' in answer.contents)) throw new Error('Not Markdown.');
  return answer.contents.value;
}

const expectHover = (marked: string, usage: UsageSource) => ({
  toShow: async (text: string) => expect(await hover(marked, usage)).toContain(text),
  toBeNothing: async () => expect(await hover(marked, usage)).toBeUndefined(),
});

describe('on a metric', () => {
  const usage = usageOf({ metric: metricUsage() });

  test('the hover tells best, last and runs, and links', async () =>
    expect(await hover(METRIC, usage)).toBe(
      [
        '**val_accuracy** goal: maximize, target 0.98',
        '',
        '|  |  |  |  |',
        '|:--|--:|:--|:--|',
        '| Best | **0.9916** | [brisk-otter] | step 30, 2 h ago |',
        '| Last | 0.9777 | [keen-stoat] | step 18, running |',
        '| Runs | 24 |  |  |',
        '',
        '[Show Chart] | [Open Best Run]',
      ].join('\n'),
    ));

  test('the picture has the curves of both runs', async () => {
    const data = /base64,([^)]*)\)/.exec((await rawHover(METRIC, usage)) ?? '')?.[1] ?? '';
    const svg = Buffer.from(data, 'base64').toString('utf8');
    expect(svg.match(/<path/g)).toHaveLength(2);
    expect(svg).toContain('step 1');
  });

  test('the links are commands whose arguments the window can check', async () => {
    const links = [
      ...((await rawHover(METRIC, usage)) ?? '').matchAll(/\(command:([\w.]+)\?([^)\s]*)\)/g),
    ].map(([, command, query]) => [command, JSON.parse(decodeURIComponent(query ?? ''))[0]]);
    expect(links.map(([command]) => command)).toEqual([
      'winnow.openRun',
      'winnow.openRun',
      'winnow.showCharts',
      'winnow.openRun',
    ]);
    expect(openRunArgument.parse(links[0]?.[1])).toEqual({ folder: FOLDER, runId: OTTER.runId });
    expect(showChartsArgument.parse(links[2]?.[1])).toEqual({
      folder: FOLDER,
      runIds: [OTTER.runId, STOAT.runId],
      metric: 'val_accuracy',
    });
  });

  test('that is not the goal the direction is told alone', () =>
    expectHover(METRIC, usageOf({ metric: metricUsage({ isGoal: false, direction: 'minimize' }) })).toShow(
      '**val_accuracy** minimize\n',
    ));

  test('with a name that is Markdown the name is only text', async () => {
    const name = 'lo|ss](command:x) `<b>';
    const known = metricUsage({ metric: name, best: { run: runNamed('**x** | [y](z)'), value: 1, step: 0 } });
    const raw = await rawHover(`mlflow.log_metric("${name}¦", x)`, usageOf({ metric: known }));
    expect(raw?.split('\n')[0]).toBe('**lo\\|ss\\](command&#58;x) \\`&#60;b&#62;** goal: maximize');
    expect(raw).toContain('[\\*\\*x\\*\\* \\| \\[y\\](z)](command:winnow.openRun?');
  });

  test('that never was a number the last value is shown', async () => {
    const known = metricUsage({ best: null, last: { run: OTTER, value: NaN, step: 3 } });
    const text = await hover(METRIC, usageOf({ metric: known }));
    expect(text).toContain('| Best | – |  |  |');
    expect(text).toContain('| Last | NaN | [brisk-otter] | step 3, 2 h ago |');
    expect(text).toContain('[Open Last Run]');
  });

  test('the hover has no picture when its points do not come', async () => {
    const raw = await rawHover(
      METRIC,
      usageOf({ metric: metricUsage() }, { series: () => Promise.reject(new Error('gone')) }),
    );
    expect(raw).not.toContain('data:image');
    expect(raw).toContain('| Runs | 24 |');
  });

  test('that no run has there is none', () =>
    expectHover('mlflow.log_metric("lo¦ss", x)', usage).toBeNothing());

  test('a hover has sixteen lines at most', async () =>
    expect((await hover(METRIC, usage))?.split('\n').length).toBeLessThanOrEqual(16));

  test('only the name is asked for, and nothing beside it', async () => {
    const asked: string[] = [];
    const asking = usageOf({}, { metricUsage: (metric) => (asked.push(metric), Promise.resolve(null)) });
    await hover('mlflow.log_¦metric("loss", x)', asking);
    await hover('mlflow.log_metric("lo¦ss", x)', asking);
    expect(asked).toEqual(['loss']);
  });
});

describe('on a param', () => {
  const usage = usageOf({ param: paramUsage() });

  test('the hover tells what it is, and the values that were tried', async () =>
    expect(await hover(FLAG, usage)).toBe(
      [
        '**lr** param of train.py: --lr, float, default 0.003',
        '',
        'Best **0.003** [brisk-otter] · Last **0.01** [keen-stoat]',
        '',
        '| lr | runs | best val_accuracy |',
        '|--:|--:|--:|',
        '| 0.001 | 7 | 0.9889 |',
        '| 0.003 | 10 | **0.9916** |',
        '| 0.1 | 1 | – |',
        '',
        '[Show Chart] | [Open Best Run]',
      ].join('\n'),
    ));

  test.each([
    ['f(args.l¦r)'],
    ['train(l¦r=3)\nmlflow.log_param("lr", 3)'],
    ['mlflow.log_param("l¦r", 3)'],
    ['mlflow.log_params({"l¦r": 3})'],
  ])('it comes for %s too', (code) => expectHover(code, usage).toShow('**lr** param of 24 runs\n'));

  test('words stay in the order of their use, to the left', () =>
    expectHover(
      'mlflow.log_param("l¦r", 3)',
      usageOf({
        param: paramUsage({
          values: [
            { value: 'so|ft', runCount: 3, bestGoal: 0.5 },
            { value: 'hard', runCount: 1, bestGoal: 0.75 },
          ],
        }),
      }),
    ).toShow('|:--|--:|--:|\n| so|ft | 3 | 0.5000 |\n| hard | 1 | **0.7500** |'));

  test('of many values the best are shown', async () => {
    const values = Array.from({ length: 20 }, (_, index) => ({
      value: String(index),
      runCount: 1,
      bestGoal: index / 10 + 0.01,
    }));
    const text = await hover(FLAG, usageOf({ param: paramUsage({ values }) }));
    expect([...(text ?? '').matchAll(/^\| (\d+) \|/gm)].map(([, value]) => value)).toEqual([
      '14',
      '15',
      '16',
      '17',
      '18',
      '19',
    ]);
    expect(text).toContain('and 14 more values');
    expect(text?.split('\n').length).toBeLessThanOrEqual(18);
  });

  test('without a goal there are values and runs', async () => {
    const text = await hover(FLAG, usageOf({ param: paramUsage({ goal: null, best: null }) }));
    expect(text).toContain('| lr | runs |\n|--:|--:|\n| 0.001 | 7 |');
    expect(text).not.toContain('Show Chart');
  });

  test('where less is better the smallest is bold', () =>
    expectHover(
      FLAG,
      usageOf({ param: paramUsage({ goal: { metric: 'loss', direction: 'minimize', target: null } }) }),
    ).toShow('| 0.001 | 7 | **0.9889** |'));
});

test('a question that is left rejects with the reason', async () => {
  const leaving = new AbortController();
  const usage = usageOf(
    {},
    {
      metricUsage: (_, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        ),
    },
  );
  const asked = hover(METRIC, usage, leaving.signal);
  leaving.abort();
  await expect(asked).rejects.toThrow('aborted');
});
