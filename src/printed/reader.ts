import type { PrintedRule } from '../model/printed';
import { withoutEscapes, withoutPrefix } from './clean';
import { type Frame, createFrameSplitter } from './frames';
import { type Judgement, newJudgement, judge } from './judge';
import { shapes } from './index';
import type { Columns, Reading } from './shape';
import { readRow } from './shapes/tables';
import { type StepMemory, mainBar, moveBar, newStepMemory, noteStep, stepOf } from './steps';
import { keeps } from './thin';
import { type YourPattern, readYourPattern } from './yours';

/** One value that a script printed. */
export interface PrintedPoint {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  /** The id of the shape, or 'yours'. */
  readonly rule: string;
  /** Where its line begins in the output, in bytes. */
  readonly offset: number;
  /** The line as it was printed, without colours, cut at 300 characters. */
  readonly line: string;
}

export interface PrintedReader {
  /** Reads on. The pieces may be cut anywhere: the same bytes give the same points. */
  read(bytes: Buffer): PrintedPoint[];
  /** What is held back when the output is over: its last line may have no end. */
  end(): PrintedPoint[];
  /** What another reader needs to go on from here: the offset to read from, and what is remembered. */
  resume(): { readonly offset: number; readonly memory: string };
}

export interface ReaderOptions {
  readonly rules: readonly PrintedRule[];
  /** From an earlier reader's `resume`. */
  readonly from?: { readonly offset: number; readonly memory: string };
}

/** A line that was understood. */
interface Said {
  readonly reading: Reading;
  readonly rule: string;
  readonly line: string;
  readonly offset: number;
}

/** Plain data, so that another reader can go on with it. */
interface Memory {
  steps: StepMemory;
  judgement: Judgement;
  columns: Columns | null;
  /** The last frame of the line that is being drawn. */
  held: Said | null;
  /** A line whose step the next drawing of the bar tells. */
  waiting: Said | null;
  counts: Record<string, number>;
  /** The last value of each metric whose values are thinned, when it was not kept. */
  unkept: Record<string, PrintedPoint>;
  isInside: boolean;
}

const LINE_LENGTH = 300;
const MAX_FORMS = 500; // A script has some dozens of lines that differ in more than their numbers.

/** Finds the metrics in what a script prints, by the shapes of index.ts and a person's own rules. */
export function createPrintedReader({ rules, from }: ReaderOptions): PrintedReader {
  const memory = from === undefined ? newMemory() : recall(from.memory);
  const decided = decisions(rules);
  const used = shapes.filter(({ id }) => !decided.mutedRules.has(id));
  /** The form of a line, and the first of the shapes that may read it. */
  const forms = new Map<string, number>();
  let points: PrintedPoint[] = [];
  const splitter = createFrameSplitter(
    { frame, lineEnd },
    {
      offset: from?.offset ?? 0,
      isInside: memory.isInside,
      hasFrame: memory.held !== null,
      // What a person's own pattern takes for a metric cannot be told beforehand.
      takesAll: decided.patterns.length > 0,
    },
  );

  function frame({ text, offset }: Frame): void {
    const line = withoutEscapes(text);
    if (line === '') return;
    const said = understand(line, offset);
    if (said === null) return;
    const { held } = memory;
    if (said.reading.drawn === 'bar') {
      drawBar(said);
    } else if (said.reading.waitsForBar === true) {
      settleWaiting();
      memory.waiting = said;
    } else {
      if (held !== null && isElsewhere(held.reading, said.reading)) take(held);
      memory.held = said;
    }
  }

  function lineEnd(): void {
    const { held } = memory;
    memory.held = null;
    if (held !== null) take(held);
  }

  /** Of a bar the first value of each percent is kept, and the one it ends with. */
  function drawBar(said: Said): void {
    const { at } = said.reading;
    const bar = at === undefined ? null : moveBar(memory.steps, at);
    if (bar === null) return;
    if (bar === mainBar(memory.steps)) settleWaiting();
    if (said.reading.values.length === 0 || bar.n === 0) return; // Before its first step it has values of before.
    const step = bar.base + bar.n;
    const percent = Math.floor(bar.total === null ? Math.log(bar.n) * 100 : (bar.n * 100) / bar.total);
    // It is drawn when a step is done, and once more when that step's values are known: the later drawing is right.
    const isRedrawn = memory.held?.reading.at?.step === step;
    if (memory.held !== null && !isRedrawn) lineEnd();
    if (percent > bar.percent || isRedrawn || bar.n === bar.total) {
      bar.percent = percent;
      memory.held = { ...said, reading: { ...said.reading, at: { step } } };
    }
  }

  function settleWaiting(): void {
    const { waiting } = memory;
    if (waiting === null) return;
    memory.waiting = null;
    take(waiting);
  }

  function understand(line: string, offset: number): Said | null {
    const bare = withoutPrefix(line);
    const said = (reading: Reading, rule: string): Said => ({
      reading,
      rule,
      line: line.slice(0, LINE_LENGTH),
      offset,
    });
    for (const pattern of decided.patterns) {
      const reading = pattern.read(line) ?? (bare === line ? null : pattern.read(bare));
      if (reading !== null) return said(reading, 'yours');
    }
    if (memory.columns !== null) {
      const { columns } = memory;
      const row = readRow(bare, columns);
      if (row !== null && !decided.mutedRules.has(columns.shape)) return said(row, columns.shape);
    }
    const form = formOf(bare);
    const known = forms.get(form);
    for (let i = known ?? 0; i < used.length; i++) {
      const shape = used[i];
      const reading = shape?.read(bare) ?? null;
      if (shape === undefined || reading === null) continue;
      if (i !== known) note(form, i);
      if (reading.columns !== undefined) memory.columns = reading.columns;
      return said(reading, shape.id);
    }
    if (known === undefined) note(form, used.length);
    return null;
  }

  function note(form: string, first: number): void {
    if (forms.size >= MAX_FORMS) forms.clear();
    forms.set(form, first);
  }

  function take({ reading, rule, line, offset }: Said): void {
    if (reading.waitsForBar === true && reading.at?.step === undefined) {
      const bar = mainBar(memory.steps);
      if (bar !== null) reading = { ...reading, at: { step: bar.base + bar.n } };
    }
    const judged = judge(memory.judgement, reading);
    const names = judged.now.map(({ name }) => name);
    if (names.length === 0 && reading.at === undefined) {
      remember(judged.later, memory.steps.current);
      return;
    }
    for (const earlier of judged.before) {
      noteStep(memory.steps, earlier);
      add(earlier);
    }
    const step = stepOf(memory.steps, reading, names);
    remember(judged.later, memory.steps.current);
    for (const { name, value } of judged.now) add({ name, value, step: step(name), rule, offset, line });

    function remember(later: typeof judged.later, at: number): void {
      for (const { name, value } of later) {
        memory.judgement.candidates[name] = { name, value, step: at, rule, offset, line };
      }
    }
  }

  function add(point: PrintedPoint): void {
    if (decided.mutedMetrics.has(point.name)) return;
    const renamed = decided.names.get(point.name);
    const named = renamed === undefined ? point : { ...point, name: renamed };
    const count = memory.counts[named.name] ?? 0;
    memory.counts[named.name] = count + 1;
    if (keeps(count)) {
      delete memory.unkept[named.name];
      points.push(named);
    } else {
      memory.unkept[named.name] = named;
    }
  }

  function taken(): PrintedPoint[] {
    const found = points;
    points = [];
    return found;
  }

  return {
    read(bytes) {
      splitter.read(bytes);
      return taken();
    },
    end() {
      splitter.end();
      lineEnd();
      settleWaiting();
      points.push(...Object.values(memory.unkept));
      memory.unkept = {};
      return taken();
    },
    resume() {
      memory.isInside = splitter.isInside;
      return { offset: splitter.offset, memory: JSON.stringify(memory, numbersToText) };
    },
  };
}

/** A line without the values of its numbers: lines of one form are read by one shape, or by none. */
function formOf(line: string): string {
  return line.replaceAll(/\d+/g, '0');
}

function newMemory(): Memory {
  return {
    steps: newStepMemory(),
    judgement: newJudgement(),
    columns: null,
    held: null,
    waiting: null,
    counts: {},
    unkept: {},
    isInside: false,
  };
}

/** What another reader wrote: of this version, since a run has one runner's program for all its life. */
function recall(text: string): Memory {
  try {
    const read: unknown = JSON.parse(text, textToNumbers);
    return typeof read === 'object' && read !== null ? { ...newMemory(), ...read } : newMemory();
  } catch {
    /* A line that was cut: it goes on with what comes. */
    return newMemory();
  }
}

/** JSON has no NaN and no infinity. */
function numbersToText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? `\u0000${value}` : value;
}

function textToNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('\u0000') ? Number(value.slice(1)) : value;
}

/** Whether two frames of one line speak of different moments: then the first one counts too. */
function isElsewhere(before: Reading, after: Reading): boolean {
  if (before.drawn === 'last') return false;
  const [a, b] = [before.at, after.at];
  if (a === undefined || b === undefined) return false;
  return a.step !== b.step || a.epoch !== b.epoch || a.batch !== b.batch;
}

function decisions(rules: readonly PrintedRule[]) {
  const patterns: YourPattern[] = [];
  const mutedMetrics = new Set<string>();
  const mutedRules = new Set<string>();
  const names = new Map<string, string>();
  for (const rule of rules) {
    if (rule.kind === 'muteMetric') mutedMetrics.add(rule.metric);
    else if (rule.kind === 'muteRule') mutedRules.add(rule.rule);
    else if (rule.kind === 'rename') names.set(rule.metric, rule.to);
    else {
      try {
        patterns.push(readYourPattern(rule.pattern));
      } catch {
        /* It was refused when it was written; one in a file that changed since costs itself only. */
      }
    }
  }
  return { patterns, mutedMetrics, mutedRules, names };
}
