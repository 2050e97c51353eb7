import type * as vscode from 'vscode';
import type { Folders } from './serverConnection';
import type { RunColours } from './runColours';
import type { ExperimentsTree } from './views/experimentsTree';
import type { QueueView } from './views/queueView';
import type { TreeChoices } from './views/treeChoice';
import type { Charts } from './charts';
import type { ComparePagesOwner } from './comparePages';
import type { Errors } from './errors';
import type { ExperimentPagesOwner } from './experimentPages';
import type { ContextKeys } from './ids';
import type { OutputDocuments } from './outputDocuments';
import type { ParamsForms } from './params';
import type { OutputTerminals } from './outputTerminals';
import type { ReadOnlyFiles } from './readOnlyFiles';
import type { RunPagesOwner } from './runPages';

/**
 * Everything that main.ts builds and hands out. Who needs something names it in its own signature:
 * `run({ folders, colours }: Pick<Services, 'folders' | 'colours'>)`.
 */
export interface Services {
  readonly extensionUri: vscode.Uri;
  /** A folder of this extension's own in the user's profile; may not exist yet. */
  readonly storage: vscode.Uri;
  /** The workspace folders, each with the way to its tracking server. */
  readonly folders: Folders;
  /** Which runs are on in charts, and in which colour. */
  readonly colours: RunColours;
  readonly charts: Charts;
  /** The pages "Run with Params". */
  readonly forms: ParamsForms;
  readonly runPages: RunPagesOwner;
  readonly experimentPages: ExperimentPagesOwner;
  /** Runs side by side. */
  readonly comparePages: ComparePagesOwner;
  readonly tree: ExperimentsTree;
  /** How the tree groups, sorts and filters. */
  readonly choices: TreeChoices;
  readonly queue: QueueView;
  readonly outputs: OutputTerminals;
  /** Runs' outputs as read-only text. */
  readonly outputDocuments: OutputDocuments;
  /** Read-only documents of snapshots and of promotion plans. */
  readonly files: ReadOnlyFiles;
  /** The one place that turns errors into messages. */
  readonly errors: Errors;
  readonly log: vscode.LogOutputChannel;
  setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void;
}
