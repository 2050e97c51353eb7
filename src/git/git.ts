import { UserError } from '../base/errors';
import { type Ended, runProgram, spawnPiped } from '../platform/spawn';

/**
 * The one door to git. Every call is pinned so that nothing a repository configures is run on the way, nothing
 * asks at a terminal, and nothing inherited from the caller's environment points it at another repository.
 */
export interface Git {
  /**
   * Runs git to its end. An exit code that `accept` does not list is an error with git's own words.
   * @throws UserError 'git-missing', 'git-too-old', 'not-a-repository', 'git-unsafe-directory', 'git-locked';
   *   GitFailure for anything else.
   */
  run(place: GitPlace, args: readonly string[], options?: GitOptions, signal?: AbortSignal): Promise<Ended>;
  /** Starts a git that is talked to while it runs. The caller ends its input and waits for it. */
  start(place: GitPlace, args: readonly string[], signal?: AbortSignal): RunningGit;
}

/** Where a call works: in a folder, as a user's `git -C` does, or in a git directory named outright. */
export type GitPlace =
  | { readonly folder: string }
  | {
      readonly gitDirectory: string;
      readonly workTree?: string;
      /** Another index than the repository's. */
      readonly index?: string;
      /** Where new objects go instead of the repository's own. */
      readonly objects?: string;
    };

export type RunningGit = ReturnType<typeof spawnPiped>;

export interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers; only 0 when absent. */
  readonly accept?: readonly number[];
  /** Further settings for this call; they win over the repository's. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lets the program that signs commits run; it stays switched off otherwise. */
  readonly sign?: boolean;
}

/** Git refused for a reason that nobody foresaw. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';

  constructor(
    readonly subcommand: string,
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(`git ${subcommand} failed (${exitCode ?? 'by a signal'}): ${stderr.trim() || 'it gave no reason'}`);
  }
}

/** @param program the git to use, a name to look up in PATH or an absolute path. */
export function createGit(program = 'git', environment: NodeJS.ProcessEnv = process.env): Git {
  let version: Promise<void> | null = null;

  const checkVersion = (signal?: AbortSignal) => {
    version ??= requireVersion(program, environmentOf({ folder: '.' }, environment), signal).catch(
      (error: unknown) => {
        version = null; // Git may be installed while we live: ask again the next time.
        throw error;
      },
    );
    return version;
  };

  return {
    async run(place, args, options = {}, signal) {
      const [ended] = await Promise.all([
        runGit(program, placed(place, args, options), environmentOf(place, environment, options.settings), {
          cwd: directoryOf(place),
          input: options.input,
          signal,
        }),
        checkVersion(signal),
      ]);
      if (ended.code !== null && (options.accept ?? [0]).includes(ended.code)) return ended;
      throw explain(place, args[0] ?? '', ended);
    },
    start: (place, args, signal) =>
      spawnPiped(
        program,
        placed(place, args, {}),
        { cwd: directoryOf(place), env: environmentOf(place, environment) },
        signal,
      ),
  };
}

// rev-parse --path-format and GIT_CONFIG_COUNT; everything else that is used here is older.
const OLDEST = [2, 31] as const;

/** Settings that a repository may not choose for us: each of them names a program that git would run. */
const PINS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  // Hooks that are defined in the configuration (git 2.54) do not care for hooksPath.
  'hook.reference-transaction.enabled=false',
  'hook.post-index-change.enabled=false',
  'core.pager=cat',
  'core.editor=:',
  'core.sshCommand=false',
  'core.askPass=true',
  'credential.helper=',
  'diff.external=',
  // A repository with missing objects would fetch them: nothing here may touch a network.
  'protocol.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'core.quotePath=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
  'user.useConfigOnly=true',
  'advice.detachedHead=false',
];
const PIN_SIGNING_OFF = ['gpg.program=false', 'gpg.ssh.program=false', 'gpg.x509.program=false'];

function placed(place: GitPlace, args: readonly string[], options: GitOptions): string[] {
  const pins = [...PINS, ...(options.sign === true ? [] : PIN_SIGNING_OFF)];
  const where = 'folder' in place ? ['-C', place.folder] : [];
  return [
    ...where,
    '--no-pager',
    '--no-optional-locks',
    '--no-replace-objects',
    ...pins.flatMap((pin) => ['-c', pin]),
    ...args,
  ];
}

function directoryOf(place: GitPlace): string | undefined {
  return 'folder' in place ? undefined : (place.workTree ?? place.gitDirectory);
}

function environmentOf(
  place: GitPlace,
  inherited: NodeJS.ProcessEnv,
  settings: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (!name.toUpperCase().startsWith('GIT_')) env[name] = value;
  }
  Object.assign(env, {
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_PAGER: 'cat',
    GIT_EDITOR: ':',
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    LC_ALL: 'C',
    LANGUAGE: 'C',
  });
  // Not by -c: a name with '=' in it could not be said there.
  const given = Object.entries(settings);
  if (given.length > 0) env['GIT_CONFIG_COUNT'] = String(given.length);
  for (const [index, [name, value]] of given.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = name;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  if ('folder' in place) return env;
  env['GIT_DIR'] = place.gitDirectory;
  if (place.workTree !== undefined) env['GIT_WORK_TREE'] = place.workTree;
  if (place.index !== undefined) env['GIT_INDEX_FILE'] = place.index;
  if (place.objects !== undefined) env['GIT_OBJECT_DIRECTORY'] = place.objects;
  return env;
}

async function runGit(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  options: { cwd?: string; input?: string | Uint8Array; signal?: AbortSignal },
): Promise<Ended> {
  try {
    return await runProgram(program, args, { cwd: options.cwd, env, input: options.input }, options.signal);
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'program-missing')) throw error;
    throw new UserError(
      'git-missing',
      `Winnow needs git to record the code of a run, and "${program}" could not be started. ` +
        'Install git (https://git-scm.com) and make sure that it is in the PATH.',
      { cause: error },
    );
  }
}

async function requireVersion(program: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const { stdout } = await runGit(program, ['version'], env, { signal });
  const found = /(\d+)\.(\d+)/.exec(stdout.toString('utf8'));
  if (found === null) return; // An unusual build: let its answers speak.
  const [major, minor] = [Number(found[1]), Number(found[2])];
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new UserError(
    'git-too-old',
    `This is git ${found[0]}, and Winnow needs git ${OLDEST.join('.')} or newer. Update git and try again.`,
  );
}

/** Turns the refusals that a person can do something about into sentences. */
function explain(place: GitPlace, subcommand: string, ended: Ended): Error {
  const folder = 'folder' in place ? place.folder : (place.workTree ?? place.gitDirectory);
  const { stderr } = ended;
  if (/dubious ownership|unsafe repository/.test(stderr)) {
    return new UserError(
      'git-unsafe-directory',
      `Git refuses to work in ${folder} because another user owns it. If you trust it, type: ` +
        `git config --global --add safe.directory "${folder}"`,
    );
  }
  if (/not a git repository|must be run in a work tree/.test(stderr)) {
    return new UserError(
      'not-a-repository',
      `${folder} is not in a git repository. To make it one, type "git init" there and commit your code.`,
    );
  }
  const lock = /Unable to create '(.+?\.lock)': File exists/.exec(stderr);
  if (lock?.[1] !== undefined) {
    return new UserError(
      'git-locked',
      `Another git program is at work: ${lock[1]} exists. Wait for it to end; if none runs any more, delete that file and try again.`,
    );
  }
  return new GitFailure(subcommand, ended.code, stderr);
}
