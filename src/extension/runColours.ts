import type { Disposable } from '../base/lifecycle';
import { Emitter } from '../base/events';
import type { RunId } from '../model/run';
import { isRunId } from '../model/run';

/** The part of vscode.Memento that is needed: where the slots are kept over reloads. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

/**
 * Which runs are on in charts, and the colour slot of each: one colour a run everywhere. A run keeps its slot
 * as long as it is on. Slots count from 1; slot 9 repeats the colour of slot 1 dashed, slot 17 dotted.
 */
export interface RunColours extends Disposable {
  /** The slot of a run that is on in charts, undefined for one that is off. */
  slotOf(runId: RunId): number | undefined;
  /** All runs that are on, in the order of their slots. */
  on(): readonly RunId[];
  turnOn(runIds: readonly RunId[]): void;
  turnOff(runIds: readonly RunId[]): void;
  /** Fires with the runs that went on or off. */
  readonly onDidChange: (listener: (runIds: readonly RunId[]) => void) => Disposable;
}

const KEY = 'winnow.runColours';

export function createRunColours(memory: Memory): RunColours {
  const slots = readSlots(memory.get(KEY));
  const changed = new Emitter<readonly RunId[]>();

  const save = (runIds: readonly RunId[]) => {
    if (runIds.length === 0) return;
    void memory.update(KEY, Object.fromEntries(slots));
    changed.fire(runIds);
  };

  return {
    slotOf: (runId) => slots.get(runId),
    on: () => [...slots].sort(([, a], [, b]) => a - b).map(([runId]) => runId),
    turnOn(runIds) {
      const added = runIds.filter((runId) => !slots.has(runId));
      for (const runId of added) slots.set(runId, firstFree(new Set(slots.values())));
      save(added);
    },
    turnOff(runIds) {
      save(runIds.filter((runId) => slots.delete(runId)));
    },
    onDidChange: changed.on,
    dispose: () => changed.dispose(),
  };
}

function firstFree(taken: ReadonlySet<number>): number {
  let slot = 1;
  while (taken.has(slot)) slot++;
  return slot;
}

function readSlots(saved: unknown): Map<RunId, number> {
  const slots = new Map<RunId, number>();
  if (typeof saved !== 'object' || saved === null) return slots;
  for (const [runId, slot] of Object.entries(saved)) {
    if (isRunId(runId) && Number.isInteger(slot) && slot > 0) slots.set(runId, slot);
  }
  return slots;
}
