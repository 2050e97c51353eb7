import { Document, isMap, isSeq, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { savedView } from '../api/tableSchemas';
import { UserError } from '../base/errors';
import { PLAIN_VIEW, type SavedView, type ViewDefinition } from '../model/savedView';

/** Views of a folder's winnow.yaml, and what is wrong with those that cannot be shown. */
export interface SharedViews {
  readonly views: readonly SavedView[];
  readonly problem: string | null;
}

/**
 * The views of an experiment that a winnow.yaml shares, in its order: entries of `views` that name the experiment, or
 * none, which are for all. What an entry leaves out is as in a new page. One that is wrong is left out and named.
 */
export function readSharedViews(text: string, experiment: string): SharedViews {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return { views: [], problem: 'The views of winnow.yaml are not shown: the file cannot be read.' };
  }
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  const entries: unknown =
    typeof content === 'object' && content !== null && 'views' in content ? content.views : [];
  if (!Array.isArray(entries)) {
    return { views: [], problem: entries === null ? null : 'In winnow.yaml, views is wrong: it is no list.' };
  }
  const views: SavedView[] = [];
  let problem: string | null = null;
  for (const [index, entry] of entries.entries()) {
    const fields = new Map(typeof entry === 'object' && entry !== null ? Object.entries(entry) : []);
    const { name, experiment: of, ...definition }: Record<string, unknown> = Object.fromEntries(fields);
    if (of !== undefined && of !== experiment) continue;
    const read = z.safeParse(savedView(), { name, definition: { ...PLAIN_VIEW, ...definition } });
    if (read.success) {
      if (!views.some((one) => one.name === read.data.name)) views.push(read.data);
      continue;
    }
    const issue = read.error.issues[0];
    const where = issue?.path.filter((part) => part !== 'definition').join('.') ?? '';
    problem ??= `In winnow.yaml, view ${index + 1} is left out: ${where || 'it'} is wrong.`;
  }
  return { views, problem };
}

/**
 * The text of a winnow.yaml with the views of an experiment in place of those it had; all else, comments and order
 * too, stays. What is as in a new page is not written.
 * @throws UserError 'winnow-yaml' for a file that cannot be read, or whose `views` are no list.
 */
export function withSharedViews(text: string, experiment: string, views: readonly SavedView[]): string {
  const document = text.trim() === '' ? new Document({}) : parseDocument(text);
  const content = document.contents;
  const known = document.get('views');
  if (
    document.errors.length > 0 ||
    !(content === null || isMap(content)) ||
    !(known === undefined || known === null || isSeq(known))
  ) {
    throw new UserError('winnow-yaml', 'winnow.yaml cannot be read. Correct it, and share the views again.');
  }
  const entries = views.map(({ name, definition }) =>
    document.createNode({ name, experiment, ...differences(definition) }),
  );
  if (isSeq(known)) {
    const others = known.items.filter((item) => !isMap(item) || item.get('experiment') !== experiment);
    known.items = [...others, ...entries];
    if (known.items.length > 0) known.flow = false;
  } else document.set('views', document.createNode(entries));
  return document.toString({ lineWidth: 0 });
}

/** What of a view is other than in a new page. */
function differences(definition: ViewDefinition): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(definition).filter(([key, value]) => {
      const plain: unknown = Object.entries(PLAIN_VIEW).find(([name]) => name === key)?.[1];
      return JSON.stringify(value) !== JSON.stringify(plain);
    }),
  );
}
