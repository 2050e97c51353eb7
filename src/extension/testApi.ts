import type { ExperimentsTree, TreeRow } from './views/experimentsTree';

/** A row as a person sees it. */
export interface ShownRow {
  readonly label: string;
  readonly description: string;
  /** The name of the codicon and the id of its colour. */
  readonly icon: string;
  readonly colour: string;
  readonly contextValue: string;
  /** What a screen reader says, when it differs from the label. */
  readonly spoken: string;
  readonly row: TreeRow;
}

/** What `activate` gives to the tests that run in the editor. Nothing else uses it. */
export interface TestApi {
  /** Resolves when the folders that have experiments are connected and their experiments are known. */
  ready(): Promise<void>;
  /** The rows below a row, or the first ones. */
  rows(parent?: TreeRow): Promise<readonly ShownRow[]>;
  /** Rows that are selected in the view. */
  selection(): readonly TreeRow[];
  /** The line above the rows. */
  message(): string | undefined;
  /** The number on the activity bar; 0 without. */
  badge(): number;
  /** How long `activate` took, in milliseconds. */
  readonly activationMs: number;
}

export async function shownRows(tree: ExperimentsTree, parent?: TreeRow): Promise<readonly ShownRow[]> {
  const rows = await tree.rows(parent);
  return rows.map((row) => {
    const item = tree.item(row);
    const icon = item.iconPath;
    const theme = typeof icon === 'object' && 'id' in icon ? icon : undefined;
    return {
      label: typeof item.label === 'string' ? item.label : (item.label?.label ?? ''),
      description: typeof item.description === 'string' ? item.description : '',
      icon: theme?.id ?? '',
      colour: theme?.color?.id ?? '',
      contextValue: item.contextValue ?? '',
      spoken: item.accessibilityInformation?.label ?? '',
      row,
    };
  });
}
