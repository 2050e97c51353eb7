import { kindOfName, metricName } from '../names';
import { NUMBER, readNumber } from '../numbers';
import type { Columns, Reading, Shape } from '../shape';

const CELL = new RegExp(String.raw`^[│┃|]\s+(\S+)\s+[│┃|]\s+(${NUMBER})\s+[│┃|]$`, 'i');

/** Lightning's table after test() and validate(): `│        test_loss         │   0.4137…   │`. */
export const boxes: Shape = {
  id: 'boxes',
  read(line) {
    const [, name = '', number = ''] = CELL.exec(line) ?? [];
    if (name === '' || kindOfName(name) === 'never') return null;
    return { values: [{ name: metricName(name), value: readNumber(number), sure: true }] };
  },
};

/** fastai's head of a table, `epoch  train_loss  valid_loss  accuracy  time`, and YOLO's. Their rows follow. */
export const tableHead: Shape = {
  id: 'tables',
  read(line) {
    const names = line.split(/\s+/);
    if (!/^epoch$/i.test(names[0] ?? '') || names.length < 3 || names.length > 40) return null;
    if (!names.some((name) => kindOfName(name) === 'metric') || names.some((name) => /^[\d=:]/.test(name)))
      return null;
    return { values: [], columns: { shape: 'tables', names } };
  },
};

/** YOLO's second head, of its validation: `Class  Images  Instances  Box(P  R  mAP50  mAP50-95):`. */
export const validationHead: Shape = {
  id: 'validation',
  read(line) {
    if (!/^Class\s+Images\s+(?:Instances|Labels|Targets)\s/.test(line)) return null;
    const [head = ''] = line.split(/:?\s+\d{1,3}%/); // Its bar stands on the same line.
    const names = head
      .replaceAll(/[():]/g, ' ')
      .trim()
      .split(/\s+/)
      .filter((name) => name !== 'Box' && name !== 'Mask');
    return { values: [], columns: { shape: 'validation', names } };
  },
};

/** A row below a head, or null when the table is over. */
export function readRow(line: string, { shape, names }: Columns): Reading | null {
  const cells = line.replace(/\s\d{1,3}%.*$/, '').split(/\s+/);
  if (shape === 'validation') {
    if (cells[0] !== 'all' || cells.length !== names.length) return null;
    return {
      values: names
        .slice(3)
        .map((name, i) => ({ name: `metrics/${metricName(name)}`, value: Number(cells[i + 3]), sure: true })),
      columns: null,
    };
  }
  const [epoch] = /^\d+/.exec(cells[0] ?? '') ?? [];
  if (epoch === undefined || cells.length < names.length - 1) return null;
  const values = names.flatMap((name, i) => {
    const cell = cells[i] ?? '';
    const isMetric = i > 0 && kindOfName(name) !== 'never' && !/^(?:gpu_mem|instances|time)$/i.test(name);
    return isMetric && new RegExp(`^${NUMBER}$`, 'i').test(cell)
      ? [{ name: metricName(name), value: readNumber(cell), sure: true }]
      : [];
  });
  return { values, at: { epoch: Number(epoch) }, columns: { shape, names } };
}
