import { lstat, mkdir, readFile, readdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../platform/spawn';
import { temporaryFolder } from '../platform/testing';
import { type Git, createGit } from './git';

/** For tests: a repository in a temporary folder, with a home of its own, so that nobody's settings count. */
export interface TestRepository {
  readonly folder: string;
  readonly home: string;
  /** Pinned git with the home of the test. */
  readonly git: Git;
  /** Runs git as a person would in the folder; throws when it fails. */
  run(...args: string[]): Promise<string>;
  write(file: string, content: string | Uint8Array): Promise<void>;
  /** Stages and commits everything. @returns the commit. */
  commit(message?: string): Promise<string>;
}

/** @param name of the folder; unusual on purpose. */
export async function testRepository(
  options: { readonly init?: boolean; readonly identity?: boolean } = {},
): Promise<TestRepository> {
  const home = await temporaryFolder('winnow home');
  const folder = path.join(await temporaryFolder('winnow git'), `it's a "Größe"\nfolder with $HOME \\t`);
  await mkdir(folder);
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  const run = async (...args: string[]) => {
    const ended = await runProgram('git', args, { cwd: folder, env });
    if (ended.code !== 0) throw new Error(`git ${args.join(' ')}: ${ended.stderr}`);
    return ended.stdout.toString('utf8').trimEnd();
  };
  const repository: TestRepository = {
    folder,
    home,
    git: createGit('git', env),
    run,
    write: async (file, content) => {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), content);
    },
    commit: async (message = 'Change') => {
      await run('add', '-A');
      await run('commit', '--quiet', '--allow-empty', '-m', message);
      return run('rev-parse', 'HEAD');
    },
  };
  if (options.init !== false) await run('init', '--quiet', '--initial-branch=main');
  if (options.identity !== false) {
    await writeFile(
      path.join(home, '.gitconfig'),
      '[user]\n\tname = Ada Müller\n\temail = ada@example.com\n',
    );
  }
  return repository;
}

/** Every file below a folder with its content, type, mode and times: two of them are equal when nothing was touched. */
export async function fingerprint(
  folder: string,
  skip: (file: string) => boolean = () => false,
): Promise<string[]> {
  const lines: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory() || skip(path.relative(folder, file))) continue;
    const stats = await lstat(file, { bigint: true });
    const content = stats.isSymbolicLink() ? await readlink(file) : (await readFile(file)).toString('base64');
    lines.push(`${path.relative(folder, file)} ${stats.mode} ${stats.mtimeNs} ${content}`);
  }
  return lines.sort();
}
