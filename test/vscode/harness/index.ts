/** What VS Code calls inside the extension host: runs the test file that lies beside it. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

// run.mjs shows the lines that begin with it and leaves out what the editor itself says.
const MARK = 'winnow-test│';

/** Resolves when all tests passed, rejects when one failed: VS Code ends with 0 or 1. */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Lines });
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
  }
  return new Promise((resolve, reject) => {
    const failures: Failure[] = [];
    const runner = mocha.run((failed) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      writeSummary({ passed: passes, failed, skipped: pending, failures });
      if (failed > 0) reject(new Error(`${failed} failed`));
      else resolve();
    });
    runner.on('fail', (test, error: unknown) => {
      failures.push({
        name: test.fullTitle(),
        message: error instanceof Error ? error.message : String(error),
      });
    });
  });
}

interface Failure {
  readonly name: string;
  readonly message: string;
}

/** One line a test, through the one door that both kinds of editor have. */
class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pass', (test) => say(`✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`));
    runner.on('pending', (test) => say(`- ${test.fullTitle()} (skipped)`));
    runner.on('fail', (test, error: unknown) => {
      say(`✗ ${test.fullTitle()}`);
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      for (const line of text.split('\n')) say(`    ${line}`);
    });
  }
}

function say(line: string): void {
  console.log(`${MARK}${line}`);
}

function writeSummary(summary: {
  passed: number;
  failed: number;
  skipped: number;
  failures: readonly Failure[];
}): void {
  const file = process.env['WINNOW_TEST_SUMMARY'];
  if (!file) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(summary));
}
