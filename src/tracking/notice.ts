import type { Store } from '../store/store';

/** What became of the store when it was opened, in one text for a person; null when nothing did. */
export function noticeOf({ notices }: Pick<Store, 'notices'>): string | null {
  return notices.length === 0 ? null : notices.join(' ');
}
