import type { ParamSource, Range } from '../../model/param';
import type { PythonFunction } from '../definitions';
import { stringOf } from '../literals';
import { type PythonFile, keyword, positionals, textOf } from '../python';
import { type Declaration, declare } from './reader';

/** A function that is a command of its own or of a group. */
export interface Command {
  readonly one: PythonFunction;
  readonly name: string;
  /** The name of the function that is its group. */
  readonly parent: string | null;
}

/** Which command belongs to which group; the one that the script calls comes first among the roots. */
export function commandTree<T extends Command>(
  file: PythonFile,
  commands: readonly T[],
): {
  readonly roots: readonly T[];
  childrenOf(command: T): readonly T[];
} {
  // group.add_command(train, name="fit")
  const added = file.calls.flatMap((call) => {
    const [first, second] = positionals(call);
    if (call.name !== 'add_command' || call.receiver === null || first === undefined) return [];
    const name = stringOf(file, second ?? keyword(call, 'name'));
    return [{ group: textOf(file, call.receiver), command: textOf(file, first), name }];
  });
  const childrenOf = (command: T) => [
    ...commands.filter(({ parent }) => parent === command.one.name),
    ...added
      .filter(({ group }) => group === command.one.name)
      .flatMap((add) => {
        const child = commands.find(({ one }) => one.name === add.command);
        return child === undefined ? [] : [{ ...child, name: add.name ?? child.name }];
      }),
  ];
  const roots = commands.filter(
    ({ one, parent }) => parent === null && !added.some(({ command }) => command === one.name),
  );
  const called = new Set(file.calls.filter(({ receiver }) => receiver === null).map(({ name }) => name));
  return { childrenOf, roots: [...roots].sort((a, b) => rank(a, called) - rank(b, called)) };
}

/** The positional param that says which command is meant. */
export function chooseCommand(
  source: ParamSource,
  level: string | undefined,
  facts: { readonly choices: readonly string[]; readonly required: boolean; readonly range: Range },
): Declaration {
  const name = level === undefined ? 'command' : `${level} command`;
  return declare(source, { ...facts, name, ...(level === undefined ? {} : { subcommand: level }) }, []);
}

function rank({ one }: Command, called: ReadonlySet<string>): number {
  return called.has(one.name) ? 0 : 1;
}
