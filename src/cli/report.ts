import { UserError, messageOf } from '../base/errors';
import { UsageError } from './command';

const USAGE_CODE = 2;
const FAILURE_CODE = 125; // As docker and env use it: no script that ran has ended with it on purpose.

/** Says what went wrong with a command, to a person or to a program. Returns the exit code. */
export function report(error: unknown, command: string, json: boolean): number {
  const isUsage = error instanceof UsageError;
  const code = isUsage ? 'usage' : error instanceof UserError ? error.code : 'bug';
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: { code, message: messageOf(error) } })}\n`);
  } else {
    console.error(`winnow ${command}: ${messageOf(error)}`);
    if (isUsage) console.error(`"winnow ${command} --help" tells how it is used.`);
    if (code === 'bug' && error instanceof Error) console.error(error.stack);
  }
  return isUsage ? USAGE_CODE : FAILURE_CODE;
}
