import path from 'node:path';
import * as vscode from 'vscode';
import type { ApiClient } from '../../../api/client';
import type { ExperimentId } from '../../../model/run';

const LOOKED_AT = 20; // Of the newest runs, since a client without a script may have made some.

/** The script that the newest run of an experiment was started with; undefined when none is known or it is gone. */
export async function scriptOfExperiment(
  client: ApiClient,
  experimentId: ExperimentId,
): Promise<vscode.Uri | undefined> {
  const { runs } = await client.call('searchRuns', { experimentIds: [experimentId], limit: LOOKED_AT });
  for (const { runId, hasRunner } of runs) {
    if (!hasRunner) continue;
    const { command } = (await client.call('getRun', { runId })).run;
    if (command === null) continue;
    const uri = vscode.Uri.file(path.resolve(command.folder, command.script));
    const isThere = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (isThere) return uri;
  }
  return undefined;
}
