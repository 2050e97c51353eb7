import * as vscode from 'vscode';
import type { RunDetail } from '../model/run';
import type { Plan } from './readOnlyFiles';
import type { FolderLink } from './serverConnection';
import type { Services } from './services';

/** Shows what a plan would change in VS Code's own diff editor. Nothing has happened yet. */
export async function showPlan(
  { files }: Pick<Services, 'files'>,
  link: FolderLink,
  run: RunDetail,
  plan: Plan,
): Promise<void> {
  const changes = plan.files.map(({ path, change }) => [
    vscode.Uri.joinPath(vscode.Uri.file(plan.repository), path),
    change === 'added' ? undefined : files.plannedUri(link, plan, path, 'before'),
    change === 'deleted' ? undefined : files.plannedUri(link, plan, path, 'after'),
  ]);
  await vscode.commands.executeCommand(
    'vscode.changes',
    vscode.l10n.t('Plan: {0} → {1}', run.name, plan.branch),
    changes,
  );
}

type Row = vscode.QuickPickItem & { readonly does?: 'apply' | 'branch' | 'tag' | 'message' | 'diff' };

/**
 * Asks whether a plan is to be carried out, beside its diff; branch, tag and message can be changed, which
 * makes a new plan. The plan that was confirmed, or undefined.
 */
export async function confirmPlan(
  services: Pick<Services, 'files'>,
  link: FolderLink,
  run: RunDetail,
  first: Plan,
): Promise<Plan | undefined> {
  let plan = first;
  for (;;) {
    const chosen = await askOnce(run, plan);
    switch (chosen) {
      case undefined:
        return undefined;
      case 'apply':
        return plan;
      case 'diff':
        await showPlan(services, link, run, plan);
        break;
      default: {
        const changed = await edit(chosen, plan);
        if (changed === undefined) break;
        const client = await link.client();
        const { branch, tag, message } = plan;
        const wanted = { branch, tag, message, [chosen]: changed };
        try {
          plan = (await client.call('planPromotion', { runId: run.runId, ...wanted })).plan;
        } catch (error) {
          // A name that cannot be: the plan as it was stays on the table.
          void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
        }
      }
    }
  }
}

function askOnce(run: RunDetail, plan: Plan): Promise<Row['does']> {
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<Row>();
    picker.title = vscode.l10n.t('Promote {0} – Nothing Has Been Changed Yet', run.name);
    picker.placeholder = vscode.l10n.t('HEAD, index and working tree stay as they are. It can be undone.');
    picker.items = rowsOf(plan);
    // The diff is to be read beside the question.
    picker.ignoreFocusOut = true;
    let answer: Row['does'];
    picker.onDidAccept(() => {
      const [row] = picker.selectedItems;
      if (row?.does === undefined) return;
      answer = row.does;
      picker.hide();
    });
    picker.onDidHide(() => {
      picker.dispose();
      resolve(answer);
    });
    picker.show();
  });
}

function rowsOf(plan: Plan): Row[] {
  const failed = plan.gates.filter(({ passed }) => !passed);
  const count =
    plan.files.length === 1 ? vscode.l10n.t('1 file') : vscode.l10n.t('{0} files', plan.files.length);
  const separator = (label: string): Row => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    failed.length === 0
      ? {
          label: `$(git-commit) ${vscode.l10n.t('Promote to {0}', plan.branch)}`,
          description: vscode.l10n.t('one commit on {0}, {1}', plan.base.slice(0, 7), count),
          does: 'apply',
        }
      : {
          label: `$(circle-slash) ${vscode.l10n.t('Cannot be promoted: {0} has not passed', failed.map(({ gate }) => gate).join(', '))}`,
        },
    { label: `$(diff-multiple) ${vscode.l10n.t('Show Full Diff')}`, description: count, does: 'diff' },
    separator(vscode.l10n.t('destination, choose one to change it')),
    {
      label: `$(git-branch) ${vscode.l10n.t('Branch')}`,
      description:
        plan.branchFrom === null
          ? vscode.l10n.t('{0}, new', plan.branch)
          : vscode.l10n.t('{0}, now at {1}', plan.branch, plan.branchFrom.slice(0, 7)),
      does: 'branch',
    },
    { label: `$(tag) ${vscode.l10n.t('Tag')}`, description: plan.tag, does: 'tag' },
    {
      label: `$(note) ${vscode.l10n.t('Message')}`,
      description: plan.message.split('\n')[0] ?? '',
      does: 'message',
    },
    ...(plan.gates.length === 0 ? [] : [separator(vscode.l10n.t('gates'))]),
    ...plan.gates.map(({ gate, passed, detail }) => ({
      label: `${passed ? '$(pass)' : '$(error)'} ${gate}`,
      description: detail,
    })),
    ...(plan.notes.length === 0 ? [] : [separator(vscode.l10n.t('good to know'))]),
    ...plan.notes.map((note) => ({ label: `$(info) ${note}` })),
    separator(vscode.l10n.t('files')),
    ...plan.files.map(({ path, change, origin }) => ({
      label: `${CHANGE_ICONS[change]} ${path}`,
      description:
        origin === 'code' ? vscode.l10n.t('exactly as it ran') : vscode.l10n.t('record of the run'),
    })),
  ];
}

const CHANGE_ICONS = { added: '$(diff-added)', modified: '$(diff-modified)', deleted: '$(diff-removed)' };

function edit(what: 'branch' | 'tag' | 'message', plan: Plan): Thenable<string | undefined> {
  const titles = {
    branch: vscode.l10n.t('Branch of the Promotion'),
    tag: vscode.l10n.t('Tag of the Promotion'),
    message: vscode.l10n.t('First Line of the Commit Message'),
  };
  const [firstLine = '', ...body] = plan.message.split('\n');
  return vscode.window
    .showInputBox({
      title: titles[what],
      value: what === 'message' ? firstLine : plan[what],
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('This cannot be empty.') : undefined),
    })
    .then((text) =>
      text === undefined ? undefined : what === 'message' ? [text, ...body].join('\n') : text.trim(),
    );
}
