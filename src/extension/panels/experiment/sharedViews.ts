import { parseDocument } from 'yaml';
import { viewDefinition, viewName } from '../../../api/tableSchemas';
import { UserError } from '../../../base/errors';
import type { SavedView } from '../../../model/savedView';

/**
 * The text of a winnow.yaml with these views in it, in place of those of the same name; comments and all else stay as
 * they are.
 * @throws UserError 'winnow-yaml' when the text is no YAML that could be changed.
 */
export function withViews(text: string, views: readonly SavedView[]): string {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new UserError(
      'winnow-yaml',
      `winnow.yaml cannot be read: ${problem.message.split('\n')[0] ?? ''} Correct it and try again.`,
    );
  }
  for (const { name, definition } of views) document.setIn(['views', name], definition);
  return document.toString({ lineWidth: 110, flowCollectionPadding: true });
}

/** The views that a winnow.yaml names; those that cannot be understood are left out. */
export function readViews(text: string): readonly SavedView[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return [];
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof content !== 'object' || content === null || !('views' in content)) return [];
  const { views } = content;
  if (typeof views !== 'object' || views === null) return [];
  return Object.entries(views).flatMap(([key, value]): SavedView[] => {
    const name = viewName.safeParse(key);
    const definition = viewDefinition().safeParse(value);
    return name.success && definition.success ? [{ name: name.data, definition: definition.data }] : [];
  });
}
