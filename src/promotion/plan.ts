import { existsSync } from 'node:fs';
import { UserError } from '../base/errors';
import {
  listRefs,
  type Repository,
  findRepository,
  readFlag,
  requireIdentity,
  resolveObject,
  whereCheckedOut,
} from '../git/repository';
import { defaultGoal } from '../model/goal';
import type { GateResult, PromotionPlan } from '../model/promotion';
import { isOver, type RunDetail, type RunSnapshot } from '../model/run';
import { checkName, nextNames, refInTheWay } from './names';
import { keepPlan } from './plannedTree';
import { goalValue, recordsOf, shown } from './records';
import { readSnapshotTop } from './snapshotTop';
import type { PromotionTools } from './tools';

export interface PromotionOptions {
  /** `winnow/<experiment>-v<N>` when absent. An existing branch must stand at the run's base. */
  readonly branch?: string;
  /** `<experiment>/v<N>` when absent. */
  readonly tag?: string;
  readonly message?: string;
}

/**
 * Decides what promoting a run would do, and changes nothing in the repository: its future objects are kept
 * in a folder of Winnow's own until the plan is applied.
 * @throws UserError that says why the run cannot be promoted at all: 'run-deleted', 'no-snapshot',
 *   'snapshot-missing', 'not-a-repository', 'base-gone', 'git-identity', 'bad-branch-name', 'bad-tag-name',
 *   'branch-exists', 'tag-exists', 'branch-checked-out', 'filter-failed'. What the person can still wait for or
 *   accept is a gate.
 */
export async function planPromotion(
  tools: PromotionTools,
  run: RunDetail,
  options: PromotionOptions = {},
  signal?: AbortSignal,
): Promise<PromotionPlan> {
  const { git } = tools;
  const snapshot = requireSnapshot(run);
  const repository = await repositoryOf(tools, run, snapshot, signal);
  const { top } = repository;
  await requireIdentity(git, top, signal);
  await requireBase(tools, repository, snapshot, signal);
  const refs = await listRefs(git, top, signal);
  const names = nextNames(run.experiment, refs.keys());
  const branch = options.branch ?? names.branch;
  const tag = options.tag ?? names.tag;
  const base = snapshot.baseCommit ?? '';
  const branchFrom = await checkBranch(tools, top, refs, branch, base, signal);
  checkTag(refs, tag);
  const packages = (await tools.freeze?.(run, signal)) ?? null;
  const goal = tools.goalOf === undefined ? defaultGoal(Object.keys(run.metrics)) : tools.goalOf(run);
  const reached = goalValue(run, goal);
  const title =
    goal === null || reached === null
      ? `Promote ${run.name}`
      : `Promote ${run.name}: ${goal.metric} ${shown(reached.value)}`;
  const message = options.message ?? messageOf(title, run);
  if (message.trim() === '' || message.includes('\0')) {
    throw new UserError(
      'bad-message',
      'A commit needs a message. Write one, or leave it out for the usual one.',
    );
  }
  const records = recordsOf({ run, goal, top, packages });
  const notes = await notesOf(
    tools,
    run,
    snapshot,
    { repository, refs, branch, branchFrom, packages },
    signal,
  );
  return keepPlan(
    tools,
    { experiment: run.experiment, repository, snapshot, records },
    {
      runId: run.runId,
      repository: top,
      base,
      branch,
      branchFrom,
      tag,
      message,
      gates: gatesOf(run, snapshot),
      notes,
    },
    signal,
  );
}

function requireSnapshot(run: RunDetail): RunSnapshot {
  if (run.deleted) {
    throw new UserError('run-deleted', `The run ${run.name} is deleted. Restore it first.`);
  }
  if (run.snapshot !== null) return run.snapshot;
  const why = run.hasRunner
    ? 'because that failed when it was started; the run says why'
    : 'because Winnow did not start it';
  throw new UserError(
    'no-snapshot',
    `The run ${run.name} cannot be promoted: its code was not recorded, ${why}. ` +
      'Run the script with Winnow and promote that run.',
  );
}

async function repositoryOf(
  tools: PromotionTools,
  run: RunDetail,
  snapshot: RunSnapshot,
  signal?: AbortSignal,
): Promise<Repository> {
  const recorded = await readSnapshotTop(tools.git, tools.snapshots, snapshot.commit, signal);
  const moved = !existsSync(recorded); // The folder was renamed since: it is where the workspace is.
  const start = moved ? tools.folder : recorded;
  const repository = await findRepository(tools.git, start, signal);
  if (repository === null) {
    throw new UserError(
      'not-a-repository',
      `The run ${run.name} cannot be promoted: ${start} is not in a git repository. ` +
        'Type "git init" there, and it can be.',
    );
  }
  if (!moved && repository.top !== recorded) {
    throw new UserError(
      'not-a-repository',
      `The run ${run.name} cannot be promoted: its code was recorded of ${recorded}, and the repository's top is ` +
        `${repository.top}. Run the script again and promote that run.`,
    );
  }
  return repository;
}

async function requireBase(
  tools: PromotionTools,
  repository: Repository,
  { baseCommit }: RunSnapshot,
  signal?: AbortSignal,
): Promise<void> {
  if (baseCommit === null) return;
  if ((await resolveObject(tools.git, repository.top, `${baseCommit}^{commit}`, signal)) !== null) return;
  throw new UserError(
    'base-gone',
    `The commit ${baseCommit.slice(0, 12)} that the run was started on is no longer in ${repository.top}. ` +
      'Fetch it again, or run the script on a commit that is there and promote that run.',
  );
}

/** @returns where the branch stands now; null when it is new. */
async function checkBranch(
  tools: PromotionTools,
  top: string,
  refs: ReadonlyMap<string, string>,
  branch: string,
  base: string,
  signal?: AbortSignal,
): Promise<string | null> {
  checkName('branch', branch);
  const at = refs.get(`refs/heads/${branch}`);
  if (at === undefined) {
    const other = refInTheWay(`refs/heads/${branch}`, refs.keys())?.replace(/^refs\/heads\//, '');
    if (other === undefined) return null;
    throw new UserError(
      'branch-exists',
      `The branch ${branch} cannot be made while there is a branch ${other}: git keeps them as files and folders. Choose another name.`,
    );
  }
  if (at !== base) {
    throw new UserError(
      'branch-exists',
      `The branch ${branch} exists and does not stand at the commit that the run was started on. Choose another name.`,
    );
  }
  const where = await whereCheckedOut(tools.git, top, branch, signal);
  if (where === null) return at;
  throw new UserError(
    'branch-checked-out',
    `The branch ${branch} is checked out in ${where}; moving it would make your working tree look changed. ` +
      'Promote to another branch and merge that.',
  );
}

function checkTag(refs: ReadonlyMap<string, string>, tag: string): void {
  checkName('tag', tag);
  const other = refInTheWay(`refs/tags/${tag}`, refs.keys())?.replace(/^refs\/tags\//, '');
  if (other === undefined) return;
  throw new UserError(
    'tag-exists',
    other === tag
      ? `The tag ${tag} exists already. Choose another name.`
      : `The tag ${tag} cannot be made while there is a tag ${other}: git keeps them as files and folders. Choose another name.`,
  );
}

function messageOf(title: string, run: RunDetail): string {
  const params = Object.entries(run.params).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = params.map(([name, value]) => oneLine(`${name}: ${value}`));
  return [
    oneLine(title),
    '',
    ...(body.length === 0 ? [] : [...body, '']),
    `Winnow-Run: ${run.runId}`,
    `Winnow-Run-Name: ${oneLine(run.name)}`,
    '',
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f]+/g, ' ').trim();
}

function gatesOf(run: RunDetail, snapshot: RunSnapshot): GateResult[] {
  const script = run.command?.script;
  const code = snapshot.leftOut.filter(
    ({ path }) =>
      /\.(py|ipynb|sh|toml|ya?ml|cfg)$/.test(path) || (script !== undefined && isSame(path, script)),
  );
  return [
    {
      gate: 'run finished',
      passed: run.state === 'finished',
      detail:
        run.state === 'finished'
          ? 'The run ended by itself with exit code 0.'
          : isOver(run.state)
            ? `The run is ${run.state}${run.exitCode === null ? '' : ` (exit code ${run.exitCode})`}: only a finished run can be promoted.`
            : `The run is still ${run.state}: wait until it has finished.`,
    },
    {
      gate: 'code recorded',
      passed: code.length === 0,
      detail:
        code.length === 0
          ? `All ${snapshot.fileCount} files of the code are as the run saw them.`
          : `The code of the run is not complete: ${code.map(({ path, why }) => `${path} (${why})`).join(', ')}.`,
    },
  ];
}

function isSame(path: string, script: string): boolean {
  return path === script || path.endsWith(`/${script}`) || script.endsWith(`/${path}`);
}

interface Circumstances {
  readonly repository: Repository;
  readonly refs: ReadonlyMap<string, string>;
  readonly branch: string;
  readonly branchFrom: string | null;
  readonly packages: string | null;
}

const NAMED_FILES = 10; // More names than this are not read.

async function notesOf(
  tools: PromotionTools,
  run: RunDetail,
  snapshot: RunSnapshot,
  { repository, branch, branchFrom, packages }: Circumstances,
  signal?: AbortSignal,
): Promise<string[]> {
  const { git } = tools;
  const { top } = repository;
  const notes = ["The repository's hooks are not run for this commit."];
  const head = await resolveObject(git, top, 'HEAD^{commit}', signal);
  if (snapshot.baseCommit === null) {
    notes.push('The run was started before the first commit, so the promotion begins a history of its own.');
  } else if (head !== snapshot.baseCommit) {
    notes.push(
      `It is built on ${snapshot.baseCommit.slice(0, 12)}, where HEAD was when the run started; HEAD has moved since.`,
    );
  }
  if (branchFrom !== null) notes.push(`The branch ${branch} exists and moves on by one commit.`);
  if (await readFlag(git, top, 'commit.gpgsign', false, signal)) {
    notes.push('The commit is signed, because commit.gpgsign is set; the tag is not.');
  }
  const { leftOut } = snapshot;
  for (const { path, why } of leftOut.slice(0, NAMED_FILES)) {
    notes.push(
      `${path} is not part of the recorded code (${why}); where the base has it, it stays as it is there.`,
    );
  }
  if (leftOut.length > NAMED_FILES) {
    notes.push(
      `${leftOut.length - NAMED_FILES} more files are not part of the recorded code; MODEL_CARD.md names them.`,
    );
  }
  if (packages === null) notes.push('The installed packages are not known, and environment.txt says so.');
  if (run.command === null) notes.push('The command of the run is not known.');
  return notes;
}
