import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../base/errors';
import { Owned, type Disposable } from '../base/lifecycle';
import { formatBytes } from '../model/format';
import { openIfThere, startOfNextLine } from '../platform/outputFile';
import { COMMANDS, OUTPUT_SCHEME } from './ids';
import { withoutColours } from './outputSearch';

/** Outputs of runs as read-only text, in parts when they are large. */
export interface OutputDocuments extends Disposable {
  /**
   * Opens the part of an output around a place, with that line selected; the last part when no place is named.
   * @throws UserError 'output-missing'.
   */
  open(output: { readonly runName: string; readonly file: string }, place?: number): Promise<void>;
}

const PART_BYTES = 5_000_000; // The editor keeps its colours and its folding for texts of about this size.
const BEFORE = 0.5; // The share of a part that comes before the place.

interface Part {
  readonly file: string;
  readonly runName: string;
  readonly from: number;
  readonly until: number;
}

export function createOutputDocuments(): OutputDocuments {
  const owned = new Owned();
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(OUTPUT_SCHEME, {
      provideTextDocumentContent: async (uri) => readText(partOf(uri)),
    }),
  );
  owned.add(
    vscode.languages.registerCodeLensProvider(
      { scheme: OUTPUT_SCHEME },
      {
        provideCodeLenses: (document) => lensesOf(document),
      },
    ),
  );

  return {
    async open({ runName, file }, place) {
      const size = await sizeOf(file);
      const wanted = place ?? size;
      const from = await lineAt(file, Math.max(0, Math.min(wanted - PART_BYTES * BEFORE, size - PART_BYTES)));
      const part = { file, runName, from, until: Math.min(size, from + PART_BYTES) };
      const document = await vscode.workspace.openTextDocument(uriOf(part));
      const line = place === undefined ? document.lineCount - 1 : await linesBetween(file, from, place);
      const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
      const editor = await vscode.window.showTextDocument(document, { preview: true, selection: range });
      editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
    },
    dispose: () => owned.dispose(),
  };
}

function uriOf({ file, runName, from, until }: Part): vscode.Uri {
  return vscode.Uri.from({
    scheme: OUTPUT_SCHEME,
    path: `/${runName.replaceAll('/', '∕')}/output.log`,
    query: new URLSearchParams({ file, from: String(from), until: String(until) }).toString(),
  });
}

function partOf(uri: vscode.Uri): Part {
  const query = new URLSearchParams(uri.query);
  const file = query.get('file') ?? '';
  const [from, until] = [Number(query.get('from')), Number(query.get('until'))];
  // A link may come from anywhere: it opens outputs of runs and nothing else.
  const isOutput = path.basename(file) === 'output.log' && file.split(path.sep).includes('.winnow');
  if (!isOutput || !Number.isSafeInteger(from) || !Number.isSafeInteger(until)) {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
  return { file, runName: uri.path.split('/')[1] ?? '', from, until: Math.min(until, from + PART_BYTES) };
}

async function readText(part: Part): Promise<string> {
  return finalFrames(withoutColours((await readBytes(part)).toString('utf8')));
}

/** A line that was drawn again and again reads as it stood at last. */
function finalFrames(text: string): string {
  return text.replaceAll(/[^\r\n]*\r+(?=[^\r\n])/g, '').replaceAll(/[^\u0008\n]*\u0008+/g, '');
}

async function readBytes({ file, from, until }: Omit<Part, 'runName'>): Promise<Buffer> {
  const handle = await openIfThere(file);
  if (handle === null) return Buffer.alloc(0);
  try {
    const bytes = Buffer.alloc(Math.max(0, until - from));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function linesBetween(file: string, from: number, place: number): Promise<number> {
  const bytes = await readBytes({ file, from, until: place });
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

async function lineAt(file: string, offset: number): Promise<number> {
  const handle = await openIfThere(file);
  if (handle === null) return 0;
  try {
    return await startOfNextLine(handle, Math.floor(offset));
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (found !== null) return found.size;
  throw new UserError('output-missing', vscode.l10n.t('The output {0} is not there any more.', file));
}

/** In parts: what is before and behind, one click away. */
async function lensesOf(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const { file, runName, from, until } = partOf(document.uri);
  const size = await sizeOf(file);
  const lens = (line: number, title: string, place: number) =>
    new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      title,
      command: COMMANDS.openOutputAsText,
      arguments: [{ file, runName, place }],
    });
  const last = Math.max(0, document.lineCount - 1);
  return [
    ...(from > 0
      ? [
          lens(
            0,
            vscode.l10n.t('{0} before: show the part before', formatBytes(from)),
            Math.max(0, from - PART_BYTES / 2),
          ),
        ]
      : []),
    ...(until < size
      ? [
          lens(
            last,
            vscode.l10n.t('{0} behind: show the next part', formatBytes(size - until)),
            Math.min(size, until + PART_BYTES / 2),
          ),
        ]
      : []),
  ];
}
