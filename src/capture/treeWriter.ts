import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type BytePath, quotePath } from '../git/bytePath';
import { type Git, GitFailure, type RunningGit } from '../git/git';
import type { FileState } from './fileStates';

/** What a commit of the private repository changes. */
export interface TreeChange {
  /** The tree to start from; null: nothing. */
  readonly from: string | null;
  readonly deleted: readonly BytePath[];
  readonly set: ReadonlyMap<BytePath, FileState>;
  readonly ref: string;
  readonly message: string;
  readonly atSeconds: number;
}

/**
 * Puts contents into the private repository and commits them, with one git for all of it (fast-import), which
 * is started by the first content or by the commit. Contents are taken as they are: there is no work tree, so
 * nothing is converted, filtered or ignored.
 */
export class TreeWriter {
  private importer: Importer | null = null;

  constructor(
    private readonly git: Git,
    private readonly snapshots: string,
    private readonly signal?: AbortSignal,
  ) {}

  async addContent(content: Buffer): Promise<void> {
    this.importer ??= new Importer(this.git, this.snapshots, this.signal);
    await this.importer.write(`blob\ndata ${content.length}\n`);
    await this.importer.write(content);
    await this.importer.write('\n');
  }

  /** @returns the commit and its tree. */
  async commit(change: TreeChange): Promise<{ commit: string; tree: string }> {
    this.importer ??= new Importer(this.git, this.snapshots, this.signal);
    const message = Buffer.from(change.message, 'utf8').toString('latin1');
    const lines = [
      `commit ${change.ref}`,
      'mark :1',
      `committer Winnow <winnow@localhost> ${change.atSeconds} +0000`,
      `data ${message.length}`,
      message,
    ];
    if (change.from !== null) lines.push(`M 040000 ${change.from} ""`);
    for (const file of change.deleted) lines.push(`D ${quotePath(file)}`);
    for (const [file, { mode, id }] of change.set) lines.push(`M ${mode} ${id} ${quotePath(file)}`);
    lines.push('', 'ls :1 ""', 'get-mark :1', 'done', '');
    await this.importer.write(lines.join('\n'));
    const answer = await this.importer.end();
    const found = /^040000 tree ([0-9a-f]{40})\t\n([0-9a-f]{40})\n$/.exec(answer);
    if (found?.[1] === undefined || found[2] === undefined) {
      throw new Error(`git fast-import gave an answer that was not expected: ${answer}`);
    }
    return { tree: found[1], commit: found[2] };
  }

  /** Ends the git that may still run. Call it in a `finally`. */
  async dispose(): Promise<void> {
    await this.importer?.dispose();
    this.importer = null;
  }
}

/** A running `git fast-import`. */
class Importer {
  private readonly child: RunningGit;
  private readonly ended: Promise<number | null>;
  private readonly output: Buffer[] = [];
  private readonly errors: Buffer[] = [];
  private failure: Error | null = null;

  constructor(
    git: Git,
    private readonly snapshots: string,
    private readonly signal?: AbortSignal,
  ) {
    this.child = git.start(
      { gitDirectory: snapshots },
      ['fast-import', '--quiet', '--force', '--depth=0'],
      signal,
    );
    this.child.stdout?.on('data', (chunk: Buffer) => this.output.push(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.errors.push(chunk));
    this.child.stdin?.on('error', () => {
      /* It ended early: its exit code and words tell why. */
    });
    this.child.on('error', (error) => (this.failure = error));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    void this.write('feature done\n');
  }

  async write(chunk: string | Buffer): Promise<void> {
    this.signal?.throwIfAborted();
    const { stdin } = this.child;
    if (stdin === null || stdin.destroyed) return;
    const flows = typeof chunk === 'string' ? stdin.write(chunk, 'latin1') : stdin.write(chunk);
    if (!flows) await Promise.race([once(stdin, 'drain').catch(() => undefined), this.ended]);
  }

  async end(): Promise<string> {
    this.child.stdin?.end();
    const code = await this.ended;
    this.signal?.throwIfAborted();
    if (this.failure !== null) throw this.failure;
    if (code !== 0) throw new GitFailure('fast-import', code, Buffer.concat(this.errors).toString('utf8'));
    return Buffer.concat(this.output).toString('latin1');
  }

  async dispose(): Promise<void> {
    if (this.child.exitCode === 0) return;
    this.child.kill('SIGKILL');
    await this.ended;
    // What an import that did not end well leaves: its report, and a pack that nobody will finish.
    for (const name of readdirSync(this.snapshots)) {
      if (name.startsWith('fast_import_crash_')) rmSync(path.join(this.snapshots, name), { force: true });
    }
    const packs = path.join(this.snapshots, 'objects', 'pack');
    for (const name of readdirSync(packs)) {
      if (name.startsWith('tmp_')) rmSync(path.join(packs, name), { force: true });
    }
  }
}
