import { UserError } from '../base/errors';

/** Names that a promotion gets unless the person chooses others. `version` counts from 1. */
export interface PromotionNames {
  readonly branch: string;
  readonly tag: string;
  readonly version: number;
}

/** The names with the next free number: above every number that a branch or a tag of the experiment has. */
export function nextNames(experiment: string, refs: Iterable<string>): PromotionNames {
  const slug = slugOf(experiment);
  const [branchPrefix, tagPrefix] = [`refs/heads/winnow/${slug}-v`, `refs/tags/${slug}/v`];
  let version = 1;
  for (const ref of refs) {
    const prefix = [branchPrefix, tagPrefix].find((start) => ref.startsWith(start));
    const number = prefix === undefined ? '' : ref.slice(prefix.length);
    if (/^[1-9]\d{0,8}$/.test(number)) version = Math.max(version, Number(number) + 1);
  }
  return { branch: `winnow/${slug}-v${version}`, tag: `${slug}/v${version}`, version };
}

/** An experiment's name as a part of a path or of a ref: letters, digits, '.', '_' and '-'. */
export function slugOf(experiment: string): string {
  const slug = experiment
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, 80)
    .replace(/^[-.]+|[-.]+$/g, '')
    .replace(/\.lock$/i, '-lock')
    .replace(/-{2,}/g, '-');
  return slug === '' || slug === 'HEAD' ? `experiment${slug === '' ? '' : '-HEAD'}` : slug;
}

/**
 * Refuses a name that git would refuse, and some that it takes and then reads as something else.
 * @throws UserError 'bad-branch-name' or 'bad-tag-name' with what is wrong.
 */
export function checkName(kind: 'branch' | 'tag', name: string): void {
  const problem = problemOf(name);
  if (problem === null) return;
  throw new UserError(
    `bad-${kind}-name`,
    `${JSON.stringify(name)} cannot be the name of a ${kind}: ${problem}. Choose another name.`,
  );
}

// The rules of git-check-ref-format(1), and the ones that it lacks for names without "refs/heads/".
function problemOf(name: string): string | null {
  if (name === '') return 'it is empty';
  if (name === '@' || name === 'HEAD') return 'git means something else by it';
  if (/^refs\//.test(name)) return 'it must not begin with "refs/"';
  if (name.startsWith('-')) return 'it must not begin with "-"';
  if (/[\0-\x20\x7f~^:?*[\\]/.test(name))
    return 'it must not have spaces, control characters or any of ~ ^ : ? * [ \\';
  if (name.includes('..')) return 'it must not have ".."';
  if (name.includes('@{')) return 'it must not have "@{"';
  if (name.endsWith('.')) return 'it must not end with "."';
  if (name.length > 200) return 'it is longer than 200 characters';
  for (const part of name.split('/')) {
    if (part === '') return 'there must be something before, between and after "/"';
    if (part.startsWith('.')) return 'no part of it may begin with "."';
    if (part.toLowerCase().endsWith('.lock')) return 'no part of it may end with ".lock"';
    if (part === 'HEAD') return 'no part of it may be "HEAD"';
  }
  return null;
}

/** A ref that stands in the way of a new one: the same, or one that would have to be a folder and a file at once. */
export function refInTheWay(ref: string, refs: Iterable<string>): string | null {
  for (const other of refs) {
    if (other === ref || other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`)) return other;
  }
  return null;
}
