/** Writes down what went wrong, in the server's log, which is the runner's standard error. */
export function log(problem: unknown): void {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  try {
    process.stderr.write(`${new Date().toISOString()} runner ${process.pid}: ${text}\n`);
  } catch {
    /* The log cannot be written, so there is nobody to tell. */
  }
}
