import type { Position } from './shape';

const PLACE =
  /(?:^|[^\w/.-])(?:(global[_ ]?step|step|iter(?:ation)?|update)|(epoch|ep|round|episode)|(batch))(?:_idx|_num)?\s?(?:[:=#]\s?|\s|(?=[[(\d]))[[(]?\s?(\d{1,15})(?![\d.,]*\d)(?:\s?(?:\/|of)\s?(\d{1,15}))?/gi;
const EPOCH_BATCH = /epoch\s?:?\s?\[?(\d+)\]?\s?\[\s*(\d+)\s*\/\s*(\d+)/i;

/**
 * Where the training is, by the words of a line: `step 3`, `Epoch 3/10`, `Epoch [1/5], Step [100/600]`,
 * `Train Epoch: 1 [640/60000 (1%)]`. Null when it has none. A fraction of an epoch is no place: `epoch: 1.29`.
 */
export function positionIn(line: string): Position | null {
  const both = EPOCH_BATCH.exec(line);
  if (both !== null) return { epoch: Number(both[1]), batch: Number(both[2]), batches: Number(both[3]) };
  let step: number | undefined;
  let epoch: number | undefined;
  let batch: number | undefined;
  let batches: number | undefined;
  for (const [, stepWord, epochWord, batchWord, number, of] of line.matchAll(PLACE)) {
    if (epochWord !== undefined) epoch ??= Number(number);
    else if (stepWord !== undefined && of === undefined) step ??= Number(number);
    else if (batch === undefined && (stepWord ?? batchWord) !== undefined) {
      batch = Number(number);
      batches = of === undefined ? undefined : Number(of);
    }
  }
  if (step === undefined && epoch === undefined && batch === undefined) return null;
  return {
    ...(step === undefined ? {} : { step }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(batch === undefined ? {} : { batch }),
    ...(batches === undefined ? {} : { batches }),
  };
}
