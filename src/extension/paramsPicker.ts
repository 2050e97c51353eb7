import * as vscode from 'vscode';
import { buildArgs, checkValue } from '../code/args';
import { findParams } from '../code/params';
import type { ParamSpec } from '../model/param';
import { UserError } from '../base/errors';
import { readSource } from './scripts';
import type { FolderLink } from './serverConnection';

/** What runs before used for a param, as far as there are any. */
interface Used {
  readonly last: string | undefined;
  readonly best: string | undefined;
}

type Row = vscode.QuickPickItem & { readonly does?: 'run' | ParamSpec };

/**
 * Asks for the values of a script's params, each beside its default and what the last and the best run used.
 * Nothing is executed to find them. The arguments for the script, or undefined when the person leaves.
 */
export async function askParams(
  link: FolderLink,
  script: vscode.Uri,
  name: string,
): Promise<readonly string[] | undefined> {
  const source = await readSource(script);
  if (source === null) {
    throw new UserError('script-unreadable', vscode.l10n.t('{0} could not be read.', name));
  }
  const specs = findParams(source).filter(({ route }) => route.via === 'argument');
  const used = await usedValues(link, specs);
  const values: Record<string, string> = {};
  for (;;) {
    const does = await askOnce(name, specs, values, used);
    if (does === undefined) return undefined;
    if (does === 'run') return buildArgs(specs, values);
    const value = await askValue(does, values[does.name] ?? does.defaultValue ?? '', used.get(does.name));
    if (value !== undefined) values[does.name] = value;
  }
}

async function askOnce(
  name: string,
  specs: readonly ParamSpec[],
  values: Readonly<Record<string, string>>,
  used: ReadonlyMap<string, Used>,
): Promise<Row['does']> {
  const wrong = specs.filter(
    (spec) => checkValue(spec, values[spec.name] ?? spec.defaultValue ?? '') !== null,
  );
  const args = wrong.length === 0 ? buildArgs(specs, values) : [];
  const rows: Row[] = [
    wrong.length === 0
      ? { label: `$(play) ${vscode.l10n.t('Run {0}', name)}`, description: args.join(' '), does: 'run' }
      : {
          label: `$(warning) ${vscode.l10n.t('{0} needs a value', wrong.map((spec) => spec.flag ?? spec.name).join(', '))}`,
        },
    {
      label:
        specs.length === 1
          ? vscode.l10n.t('1 param found in argparse, nothing was executed')
          : vscode.l10n.t('{0} params found in argparse, nothing was executed', specs.length),
      kind: vscode.QuickPickItemKind.Separator,
    },
    ...specs.map((spec) => rowOf(spec, values[spec.name], used.get(spec.name))),
  ];
  const chosen = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Run {0} with Params', name),
    placeHolder: vscode.l10n.t('Choose a param to change it, or run'),
    matchOnDescription: true,
  });
  return chosen?.does;
}

function rowOf(spec: ParamSpec, value: string | undefined, used: Used | undefined): Row {
  const known = [
    spec.defaultValue === null
      ? vscode.l10n.t('no default')
      : vscode.l10n.t('default {0}', spec.defaultValue),
    used?.last === undefined ? null : vscode.l10n.t('last {0}', used.last),
    used?.best === undefined ? null : vscode.l10n.t('best {0}', used.best),
  ].filter((part) => part !== null);
  const isChanged = value !== undefined && value !== spec.defaultValue;
  return {
    label: `${isChanged ? '$(edit) ' : ''}${spec.name}  ${value ?? spec.defaultValue ?? '–'}`,
    description: known.join(' · '),
    ...(spec.help === null ? {} : { detail: spec.help }),
    does: spec,
  };
}

async function askValue(
  spec: ParamSpec,
  current: string,
  used: Used | undefined,
): Promise<string | undefined> {
  const choices = spec.action === 'store' ? spec.choices : ['True', 'False'];
  if (choices !== null) {
    return vscode.window.showQuickPick([...choices], { title: spec.name, placeHolder: current });
  }
  return vscode.window.showInputBox({
    title: `${spec.name} (${spec.type})`,
    value: current,
    prompt: [
      spec.help,
      used?.last === undefined ? null : vscode.l10n.t('last {0}', used.last),
      used?.best === undefined ? null : vscode.l10n.t('best {0}', used.best),
    ]
      .filter((part) => part !== null)
      .join(' · '),
    validateInput: (text) => checkValue(spec, text) ?? undefined,
  });
}

/** What the runs of the folder used; without a store nothing is asked and nothing started. */
async function usedValues(link: FolderLink, specs: readonly ParamSpec[]): Promise<ReadonlyMap<string, Used>> {
  if (link.status.kind !== 'connected' && !(await link.hasStore())) return new Map();
  const client = await link.client();
  const found = await Promise.all(
    specs.map(async ({ name }): Promise<[string, Used]> => {
      const { usage } = await client.call('paramUsage', { param: name });
      return [name, { last: usage?.last.value, best: usage?.best?.value }];
    }),
  );
  return new Map(found);
}
