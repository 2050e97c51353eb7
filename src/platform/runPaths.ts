import path from 'node:path';

/** The files of a run in the workspace, kept with it. See attemptFiles.ts. */
export interface RunPaths {
  /** What started, for a reader: names of variables, no values of the asker's environment. */
  readonly spec: string;
  readonly output: string;
  /** Lines of "<epoch milliseconds> <size of the output in bytes>", at most one a second. */
  readonly outputIndex: string;
  /** `runEvent`, one a line. */
  readonly events: string;
  /** `hookEvent`, one a line, written by the script's own process; absent without the hook. */
  readonly hook: string;
  /** `exitRecord`, written all at once when the script has ended. */
  readonly exit: string;
  /** Files that become artifacts of the run when it has ended, such as an executed notebook. */
  readonly artifacts: string;
}

export function runPaths(runDirectory: string): RunPaths {
  return {
    spec: path.join(runDirectory, 'spec.json'),
    output: path.join(runDirectory, 'output.log'),
    outputIndex: path.join(runDirectory, 'output.index'),
    events: path.join(runDirectory, 'events.jsonl'),
    hook: path.join(runDirectory, 'hook.jsonl'),
    exit: path.join(runDirectory, 'exit.json'),
    artifacts: path.join(runDirectory, 'artifacts'),
  };
}
