/**
 * Work that is done slice by slice: each `yield` is a place where others may have their turn, and what is returned is
 * the result. A slice takes some milliseconds.
 */
export type Sliced<T> = Generator<undefined, T, void>;

/** Does all slices at once: for tests, and for who has nobody to wait for. */
export function allAtOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
