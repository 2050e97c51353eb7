import * as vscode from 'vscode';
import type { AnswerOf } from '../../api/endpoints';
import { UserError } from '../../base/errors';
import type { PrintedDrop, PrintedMetric, PrintedRule } from '../../model/printed';
import { type RunDetail, isOver } from '../../model/run';
import { withinTime } from '../../platform/timeLimit';
import { mendPattern, tryYourPattern } from '../../printed/mend';
import { COMMANDS } from '../ids';
import { runOf } from '../pickRun';
import type { FolderLink } from '../serverConnection';
import type { Services } from '../services';

/** Shows which line gave which metric of a run, and lets the person mute or mend that. */
export const showPrintedMetrics = {
  id: COMMANDS.showPrintedMetrics,
  async run(services: Services, ...args: readonly unknown[]) {
    const found = await runOf(services, args, {
      title: vscode.l10n.t('Show Printed Metrics'),
      accepts: (run) => run.hasRunner,
      none: vscode.l10n.t('No run of this folder was started by Winnow yet'),
    });
    if (found !== undefined) await showList(services, found.link, found.run);
  },
};

interface Item extends vscode.QuickPickItem {
  readonly metric?: PrintedMetric;
  readonly ruleId?: string;
}

type Printed = AnswerOf<'getPrinted'>;

const BUTTONS = () => ({
  line: { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: vscode.l10n.t('Show Line') },
  mend: { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Mend…') },
  mute: { iconPath: new vscode.ThemeIcon('mute'), tooltip: vscode.l10n.t('Mute') },
  remove: { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Take Back') },
  again: { iconPath: new vscode.ThemeIcon('refresh'), tooltip: vscode.l10n.t('Read the Output Again') },
});

/** The list stays open while things are muted and taken back: what follows from it is seen at once. */
async function showList(services: Services, link: FolderLink, run: RunDetail): Promise<void> {
  const buttons = BUTTONS();
  const list = vscode.window.createQuickPick<Item>();
  list.title = vscode.l10n.t('Metrics that {0} Printed', run.name);
  list.placeholder = vscode.l10n.t('Choose a metric to see the line that gave it');
  list.matchOnDetail = true;
  list.buttons = isOver(run.state) ? [buttons.again] : [];
  list.ignoreFocusOut = true;
  const refresh = async () => {
    const client = await link.client();
    list.items = itemsOf(await client.call('getPrinted', { runId: run.runId }), buttons);
  };
  const guarded = (work: () => Promise<unknown>) => {
    list.busy = true;
    void services.errors.guard(work).finally(() => (list.busy = false));
  };
  const showLine = async (metric: PrintedMetric) => {
    list.hide();
    if (run.outputPath === null) return;
    await services.outputDocuments.open({ runName: run.name, file: run.outputPath }, metric.offset);
  };

  list.onDidTriggerItemButton(({ item, button }) =>
    guarded(async () => {
      const { metric, ruleId } = item;
      if (button === buttons.remove && ruleId !== undefined) {
        await (await link.client()).call('removePrintedRule', { ruleId });
        await readAgain(link, run);
      } else if (metric !== undefined && button === buttons.line) {
        await showLine(metric);
      } else if (metric !== undefined) {
        const rule = button === buttons.mute ? await askMute(metric) : await askMend(metric);
        if (rule !== undefined) await keep(link, run, rule);
        list.show();
      }
      await refresh();
    }),
  );
  list.onDidTriggerButton(() =>
    guarded(async () => {
      await readAgain(link, run);
      await refresh();
    }),
  );
  list.onDidAccept(() => {
    const metric = list.selectedItems[0]?.metric;
    if (metric !== undefined) guarded(() => showLine(metric));
  });
  list.show();
  guarded(refresh);
}

function itemsOf({ metrics, rules }: Printed, buttons: ReturnType<typeof BUTTONS>): Item[] {
  const shown = metrics.map((metric) => ({
    label: metric.dropped === null ? metric.name : `$(mute) ${metric.name}`,
    description:
      metric.dropped === null
        ? vscode.l10n.t('{0} values, by the rule {1}', metric.count, metric.rule)
        : whyDropped(metric.dropped),
    detail: metric.line,
    buttons: metric.dropped === null ? [buttons.line, buttons.mend, buttons.mute] : [buttons.line],
    metric,
  }));
  const nothing = { label: vscode.l10n.t('No line of the output gave a metric.') };
  const kept = rules.map(({ ruleId, rule, experimentId }) => ({
    label: sentenceOf(rule),
    description: ruleId.startsWith('yaml')
      ? vscode.l10n.t('winnow.yaml')
      : experimentId === null
        ? vscode.l10n.t('All experiments of the folder')
        : vscode.l10n.t('This experiment'),
    buttons: ruleId.startsWith('yaml') ? [] : [buttons.remove],
    ruleId,
  }));
  return [
    ...(shown.length === 0 ? [nothing] : shown),
    ...(kept.length === 0
      ? []
      : [{ label: vscode.l10n.t('Your Rules'), kind: vscode.QuickPickItemKind.Separator }, ...kept]),
  ];
}

function whyDropped(why: PrintedDrop): string {
  switch (why) {
    case 'logged':
      return vscode.l10n.t('Not shown: the script logs this metric itself');
    case 'param':
      return vscode.l10n.t('Not shown: it repeats a param of the run');
    case 'muted':
      return vscode.l10n.t('Muted');
  }
}

function sentenceOf(rule: PrintedRule): string {
  switch (rule.kind) {
    case 'muteMetric':
      return vscode.l10n.t('{0} is muted', rule.metric);
    case 'muteRule':
      return vscode.l10n.t('The rule {0} is muted', rule.rule);
    case 'rename':
      return vscode.l10n.t('{0} is called {1}', rule.metric, rule.to);
    case 'pattern':
      return rule.pattern;
  }
}

interface Decision {
  readonly rule: PrintedRule;
  readonly isForFolder: boolean;
}

async function askMute({ name, rule }: PrintedMetric): Promise<Decision | undefined> {
  const metric: PrintedRule = { kind: 'muteMetric', metric: name };
  const shape: PrintedRule = { kind: 'muteRule', rule };
  const chosen = await vscode.window.showQuickPick(
    [
      { label: vscode.l10n.t('Mute {0} in This Experiment', name), rule: metric, isForFolder: false },
      {
        label: vscode.l10n.t('Mute {0} in All Experiments of the Folder', name),
        rule: metric,
        isForFolder: true,
      },
      ...(rule === 'yours'
        ? []
        : [
            {
              label: vscode.l10n.t('Mute the Rule {0} in This Experiment', rule),
              rule: shape,
              isForFolder: false,
            },
            {
              label: vscode.l10n.t('Mute the Rule {0} in All Experiments of the Folder', rule),
              rule: shape,
              isForFolder: true,
            },
          ]),
    ],
    {
      title: vscode.l10n.t('Mute {0}', name),
      placeHolder: vscode.l10n.t('Its values of this run go too. Take the rule back to have them again.'),
    },
  );
  return chosen;
}

async function askMend({ name, line }: PrintedMetric): Promise<Decision | undefined> {
  const rename = { label: vscode.l10n.t('Give It Another Name…'), isRename: true };
  const pattern = {
    label: vscode.l10n.t('Edit the Pattern…'),
    detail: vscode.l10n.t('A regular expression in which each named group is a metric, and step the step'),
    isRename: false,
  };
  const way = await vscode.window.showQuickPick([rename, pattern], {
    title: vscode.l10n.t('Mend {0}', name),
    placeHolder: line,
  });
  if (way === undefined) return undefined;
  if (way.isRename) {
    const to = await vscode.window.showInputBox({ title: vscode.l10n.t('Rename {0}', name), value: name });
    const isSame = to === undefined || to.trim() === '' || to === name;
    return isSame ? undefined : { rule: { kind: 'rename', metric: name, to: to.trim() }, isForFolder: false };
  }
  const edited = await vscode.window.showInputBox({
    title: vscode.l10n.t('A Pattern for Lines Like This'),
    prompt: line,
    value: mendPattern(line, name),
    validateInput: (text) => tryPattern(text, line),
  });
  return edited === undefined
    ? undefined
    : { rule: { kind: 'pattern', pattern: edited }, isForFolder: false };
}

/** What the pattern finds in the line, while it is typed. */
function tryPattern(text: string, line: string): vscode.InputBoxValidationMessage | string {
  const tried = tryWithinTime(text, line);
  if ('problem' in tried) return tried.problem;
  const found = tried.values.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return {
    severity: vscode.InputBoxValidationSeverity.Info,
    message:
      found === '' ? vscode.l10n.t('It finds nothing in this line.') : vscode.l10n.t('It finds {0}', found),
  };
}

const SLOW_MS = 200; // It is tried at every key.

function tryWithinTime(text: string, line: string): ReturnType<typeof tryYourPattern> {
  try {
    return withinTime(SLOW_MS, () => tryYourPattern(text, line));
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'too-slow')) throw error;
    return {
      problem: vscode.l10n.t(
        'This pattern takes too long: repeats within repeats, such as (a+)+, are what takes time.',
      ),
    };
  }
}

async function keep(link: FolderLink, run: RunDetail, { rule, isForFolder }: Decision): Promise<void> {
  const client = await link.client();
  await client.call('addPrintedRule', {
    rule,
    experimentId: isForFolder ? null : run.experimentId,
    runId: run.runId,
  });
  if (isOver(run.state)) return readAgain(link, run);
  if (rule.kind === 'muteMetric') return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'This holds for runs that start from now on. For {0}, read the output again when it is over.',
      run.name,
    ),
  );
}

async function readAgain(link: FolderLink, run: RunDetail): Promise<void> {
  if (!isOver(run.state)) return;
  await (await link.client()).call('readPrintedAgain', { runId: run.runId });
}
