import { metricName } from '../names';
import { NUMBER, readNumber } from '../numbers';
import type { PrintedValue, Shape } from '../shape';

const ROUND = /^\[(\d{1,9})\]\s+(?=\S)/;
const COLUMN = new RegExp(String.raw`^(.+?)\s*:\s*(${NUMBER})(?:\s*\+\s*${NUMBER})?$`, 'i');

/**
 * XGBoost's and LightGBM's evaluations: `[10]⇥train-rmse:0.41⇥eval-rmse:0.52`, `[10]⇥valid_0's auc: 0.93`, and of
 * cross-validation `train-rmse:0.41+0.02`. LightGBM's names become MLflow's: `valid_0-auc`.
 */
export const rounds: Shape = {
  id: 'rounds',
  read(line) {
    if (line.startsWith('[LightGBM]')) return { values: [] }; // Remarks with numbers of many kinds.
    const round = ROUND.exec(line);
    if (round === null) return null;
    const values: PrintedValue[] = [];
    for (const column of line.slice(round[0].length).split('\t')) {
      const [, name = '', number = ''] = COLUMN.exec(column.trim()) ?? [];
      if (name === '') return null;
      values.push({ name: metricName(name.replace("'s ", '-')), value: readNumber(number), sure: true });
    }
    return values.length === 0 ? null : { values, at: { step: Number(round[1]) } };
  },
};
