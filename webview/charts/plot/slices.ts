const SLICE_MS = 5; // A step may take twice as long: then there is still time for a frame.

/** Works a generator off between frames. `abort` ends it; then `done` is never called. */
export function inSlices<Result>(
  work: Generator<unknown, Result>,
  done: (result: Result) => void,
  signal: AbortSignal,
): void {
  const slice = () => {
    if (signal.aborted) return;
    const until = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) {
        done(step.value);
        return;
      }
    } while (performance.now() < until);
    setTimeout(slice, 0);
  };
  setTimeout(slice, 0);
}
