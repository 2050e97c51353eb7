import * as vscode from 'vscode';
import type { ApiClient } from '../../../api/client';
import { MOST_NOTE_CHARACTERS } from '../../../api/runPageSchemas';
import { UserError } from '../../../base/errors';
import { type RunId, TAGS } from '../../../model/run';
import { fileName } from './exportRuns';

const RUNS_A_CALL = 10_000; // As many as the endpoint takes.

/** Sets a tag on runs; null takes it away. */
export async function setTag(
  client: ApiClient,
  runIds: readonly RunId[],
  key: string,
  value: string | null,
): Promise<void> {
  for (let from = 0; from < runIds.length; from += RUNS_A_CALL) {
    await client.call('setTags', {
      runIds: runIds.slice(from, from + RUNS_A_CALL),
      tags: [{ key, value }],
    });
  }
}

/** Asks for a tag and its value, and sets it on all runs. */
export async function editTags(client: ApiClient, runIds: readonly RunId[]): Promise<void> {
  const { runs } = await client.call('searchRuns', { runIds: runIds.slice(0, 1) });
  const tags = Object.entries(runs[0]?.tags ?? {}).filter(([name]) => !/^(mlflow|winnow)\./.test(name));
  const title =
    runIds.length === 1
      ? vscode.l10n.t('Tag of {0}', runs[0]?.name ?? '')
      : vscode.l10n.t('Tag of {0} Runs', runIds.length);
  const add = { label: vscode.l10n.t('New Tag…'), key: null };
  const chosen =
    tags.length === 0
      ? add
      : await vscode.window.showQuickPick(
          [add, ...tags.map(([key, value]) => ({ label: key, description: value, key }))],
          { title, placeHolder: vscode.l10n.t('A tag to change, or a new one') },
        );
  if (chosen === undefined) return;
  const key =
    chosen.key ??
    (await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('The name of the tag'),
      validateInput: (text) =>
        text.trim() === '' || text.length > 250 || /^(mlflow|winnow)\./.test(text.trim())
          ? vscode.l10n.t('A name of up to 250 characters that does not begin with mlflow. or winnow.')
          : undefined,
    }));
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({
    title: `${title}: ${key.trim()}`,
    value: tags.find(([name]) => name === key)?.[1] ?? '',
    prompt: vscode.l10n.t('Its value. Leave it empty to take the tag away.'),
  });
  if (value !== undefined) await setTag(client, runIds, key.trim(), value === '' ? null : value);
}

/** Appends to a run's note; a picture is kept among the run's artifacts, and the note says where. */
export async function addToNote(
  client: ApiClient,
  runId: RunId,
  markdown: string,
  picture: { readonly name: string; readonly bytes: Uint8Array } | null,
): Promise<void> {
  const { run } = await client.call('getRun', { runId });
  const before = (run.tags[TAGS.note] ?? '').trimEnd();
  let text = markdown;
  if (picture !== null) {
    const path = `notes/${fileName(picture.name)}`;
    const content = Buffer.from(picture.bytes).toString('base64');
    await client.call('writeArtifact', { runId, path, content });
    text = `${markdown.trimEnd()}\n\n![${picture.name}](${encodeURI(path)})`;
  }
  const note = before === '' ? text : `${before}\n\n${text}`;
  if (note.length > MOST_NOTE_CHARACTERS) {
    throw new UserError(
      'note-too-long',
      vscode.l10n.t('The note of {0} would become too long. Shorten it first.', run.name),
    );
  }
  await client.call('setNote', { runId, note });
  vscode.window.setStatusBarMessage(vscode.l10n.t('Added to the note of {0}.', run.name), 3_000);
}
