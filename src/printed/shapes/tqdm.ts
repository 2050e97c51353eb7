import { kindOfName, metricName } from '../names';
import { NUMBER, readNumber } from '../numbers';
import type { Shape } from '../shape';

const BAR =
  /^(?:(?<title>.*?):?\s+)?(?:\d{1,3}%\s*\|.*\|\s*(?<n>\d+)\/(?<total>\d+)|(?<only>\d+)(?:it|\w{0,20}))\s*\[(?<inside>[^\]]*)\](?<behind>.*)$/u;
const SPEED = /^(?:\d+(?::\d\d)*<|[\d.?]+\s?(?:s\/)?[\w/]*$|\d+(?::\d\d)+$)/;
const PAIR = new RegExp(String.raw`^([\p{L}_][^=:]*)[=:]\s*(${NUMBER})%?$`, 'iu');

/**
 * A bar of tqdm, as Lightning too draws it: `epoch 1:  40%|████  | 40/100 [00:12<00:18, 3.3it/s, loss=0.31]`. Its
 * postfix are metrics, and metrics' words in its title. A bar without any still says where the training is.
 */
export const tqdm: Shape = {
  id: 'tqdm',
  read(line) {
    const { title = '', n, total, only, inside = '', behind = '' } = BAR.exec(line)?.groups ?? {};
    const done = n ?? only;
    if (done === undefined || (n === undefined && !/\d(?:it|s)\/|\?it/.test(inside))) return null;
    const postfix = inside.split(/,\s*/).filter((part) => !SPEED.test(part));
    const titled = title.split(/[,|]\s*|\s+(?=[A-Za-z_]+[=:])/);
    const values = [...postfix, ...titled, ...behind.split(/[,|]\s*/)].flatMap((part, i) => {
      const [, printed = '', number = ''] = PAIR.exec(part.trim()) ?? [];
      const name = metricName(printed);
      const kind = kindOfName(name);
      if (name === '' || kind === 'never') return [];
      return i < postfix.length || kind === 'metric' ? [{ name, value: readNumber(number), sure: true }] : [];
    });
    const bar = `${title.replaceAll(/[\d.]+|[^\p{L}]+/gu, '').slice(0, 60)}/${total ?? '?'}`;
    return {
      values,
      at: { batch: Number(done), bar, ...(total === undefined ? {} : { batches: Number(total) }) },
      drawn: 'bar',
    };
  },
};
