/** A script of the fault loops; it lies in test/fixtures/scripts/faults. */
export interface FaultScript {
  readonly file: string;
  /** Whether it logs by MLflow's client; its end is told by that as well as by the hook. */
  readonly logs: boolean;
  /** Which it ends with when it has done all. */
  readonly exitCode: number;
  args(witnessFile: string, seconds: number): string[];
}

/** Taken in turns: one that logs, and two of whose end only the hook inside them can tell when their runner is gone. */
export const FAULT_SCRIPTS: readonly FaultScript[] = [
  {
    file: 'counted_run.py',
    logs: true,
    exitCode: 0,
    args: (witness, seconds) => [witness, String(seconds)],
  },
  ...[0, 3].map((exitCode) => ({
    file: 'plain_run.py',
    logs: false,
    exitCode,
    args: (witness: string, seconds: number) => [witness, String(seconds), String(exitCode)],
  })),
];
