import type { Position, Reading } from './shape';

/** What is remembered of the steps so far; plain data. */
export interface StepMemory {
  /** The step of what comes without one. */
  current: number;
  /** Whether a line ever said where the training is: then nothing is counted beside what lines say. */
  isSaid: boolean;
  /** What has a value at the current step. */
  seen: string[];
  /** Each metric's last step. */
  last: Record<string, number>;
  /** The first epoch that a line counted batches in. */
  firstEpoch: number | null;
  /** What was counted before a count within an epoch began again, and that count's last. */
  batchBase: number;
  lastBatch: number;
  bars: Record<string, Bar>;
}

export interface Bar {
  readonly total: number | null;
  /** What the bars of this kind before it counted together. */
  base: number;
  n: number;
  /** The last percent at which a value was kept, of this drawing of the bar. */
  percent: number;
}

export function newStepMemory(): StepMemory {
  return {
    current: 0,
    isSaid: false,
    seen: [],
    last: {},
    firstEpoch: null,
    batchBase: 0,
    lastBatch: -1,
    bars: {},
  };
}

const MAX_BARS = 50;

/**
 * Which step a line's values have. Said in the line, it is that. An epoch that a line alone says holds for what
 * follows; a metric that comes again within it counts on from its last step. Where nothing is said, a name that
 * comes again begins the next step (Guild AI's rule).
 */
export function stepOf(
  memory: StepMemory,
  { at }: Reading,
  names: readonly string[],
): (name: string) => number {
  const said = at === undefined ? null : placeOf(memory, at);
  if (said !== null) {
    memory.current = said.step;
    memory.isSaid = true;
  } else if (!memory.isSaid && names.some((name) => memory.seen.includes(name))) {
    memory.current++;
    memory.seen = [];
  }
  const step = memory.current;
  const isExact = said?.isExact === true;
  return (name) => {
    const before = memory.last[name];
    const own = !isExact && before !== undefined && before >= step ? before + 1 : step;
    memory.last[name] = own;
    if (!memory.isSaid && !memory.seen.includes(name)) memory.seen.push(name);
    return own;
  };
}

/** A value that turned out to be a metric's after its line was passed. */
export function noteStep(
  memory: StepMemory,
  { name, step }: { readonly name: string; readonly step: number },
): void {
  memory.last[name] = step;
  if (!memory.isSaid && step === memory.current && !memory.seen.includes(name)) memory.seen.push(name);
}

/** Notes how far a bar is; its count goes on where the bar of this kind before it ended. */
export function moveBar(memory: StepMemory, at: Position): Bar | null {
  if (at.bar === undefined || at.batch === undefined) return null;
  const { [at.bar]: known } = memory.bars;
  const bar = known ?? { total: at.batches ?? null, base: 0, n: 0, percent: -1 };
  if (known === undefined) {
    if (Object.keys(memory.bars).length >= MAX_BARS) memory.bars = {};
    memory.bars[at.bar] = bar;
  }
  if (at.batch < bar.n) {
    bar.base += bar.n;
    bar.percent = -1;
  }
  bar.n = at.batch;
  return bar;
}

/** The bar of the whole training: the one with the largest total. */
export function mainBar(memory: StepMemory): Bar | null {
  let main: Bar | null = null;
  for (const bar of Object.values(memory.bars)) {
    if (bar.total !== null && bar.total > (main?.total ?? 0)) main = bar;
  }
  return main;
}

function placeOf(
  memory: StepMemory,
  at: Position,
): { readonly step: number; readonly isExact: boolean } | null {
  if (at.batch !== undefined && (at.epoch !== undefined || at.batches !== undefined)) {
    return { step: batchesSoFar(memory, at.batch, at), isExact: true };
  }
  if (at.step !== undefined) {
    // With an epoch beside it, it may be counted within the epoch.
    return { step: at.epoch === undefined ? at.step : batchesSoFar(memory, at.step, at), isExact: true };
  }
  return at.epoch === undefined ? null : { step: at.epoch, isExact: false };
}

function batchesSoFar(memory: StepMemory, batch: number, { epoch, batches }: Position): number {
  if (epoch !== undefined && batches !== undefined) {
    memory.firstEpoch ??= epoch;
    if (epoch >= memory.firstEpoch) return (epoch - memory.firstEpoch) * batches + batch;
  }
  if (batch < memory.lastBatch) memory.batchBase += memory.lastBatch + 1;
  memory.lastBatch = batch;
  return memory.batchBase + batch;
}
