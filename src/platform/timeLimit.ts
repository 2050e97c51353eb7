import vm from 'node:vm';
import { UserError, errorCode } from '../base/errors';

/**
 * Does something that must not take long and cannot be trusted with that, such as a search by a person's own regular
 * expression: some of them take hours over thirty characters. It is ended wherever it is, so nothing that it was
 * changing may be used any more. Costs a quarter of a millisecond.
 * @throws UserError 'too-slow' when the time is over.
 */
export function withinTime<T>(limitMs: number, work: () => T): T {
  let answer: { readonly value: T } | undefined;
  box ??= vm.createContext({ run: () => undefined });
  script ??= new vm.Script('run()');
  box['run'] = () => {
    answer = { value: work() };
  };
  try {
    script.runInContext(box, { timeout: limitMs });
  } catch (error) {
    if (errorCode(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new UserError('too-slow', `This took longer than ${limitMs} ms, so it was ended.`, {
      cause: error,
    });
  } finally {
    box['run'] = () => undefined;
  }
  if (answer === undefined) throw new Error('What ran within a time limit gave no answer.');
  return answer.value;
}

let box: vm.Context | undefined;
let script: vm.Script | undefined;
