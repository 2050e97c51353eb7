import type { ServerHandle } from '../platform/server';
import type { StoreLocation } from '../platform/storeLocation';
import type { RunServer } from './runServer';

/** One word of the command line. A member of a family: it knows this interface and none of its sisters. */
export interface Command {
  readonly name: string;
  /** What follows `winnow NAME` in the help. */
  readonly synopsis: string;
  /** One line for the list of all commands. */
  readonly summary: string;
  /** Its own options with their help; every command has --folder, --json and --help besides. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** How many words it takes; the help is shown when there are fewer or more. */
  readonly words: { readonly least: number; readonly most: number };
  /** Carries it out, and resolves with the exit code. */
  run(call: Call): Promise<number>;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** The placeholder of its value, such as DIR. */
  readonly value?: string;
  readonly help: string;
}

/** A call of a command, parsed. */
export interface Typed {
  readonly words: readonly string[];
  text(option: string): string | undefined;
  flag(option: string): boolean;
  readonly json: boolean;
  /** The folder that the person means, absolute. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** One line to standard output: the answer. */
  print(line: string): void;
  /** One object as the last line of standard output, NaN and the infinities as strings. */
  printJson(value: unknown): void;
  /** One line to standard error: what a person may want to know beside the answer. */
  note(line: string): void;
}

/** How a call gets at the store of the folder that it means. */
export interface Access {
  /** Where the experiments of the folder are kept. */
  location(): Promise<StoreLocation>;
  /** Finds or starts the folder's tracking server. */
  server(): Promise<ServerHandle>;
  /** The same, for whoever only starts and follows runs. */
  runServer(): Promise<RunServer>;
}

export interface Call extends Typed, Access {}

/** Wrong usage: exit code 2, with a hint at the help. */
export class UsageError extends Error {}
