import type { SyntaxNode } from '@lezer/common';
import type { PythonFunction } from '../definitions';
import { stringOf } from '../literals';
import { assignmentsOf, childrenOf, keyword, positionals, rangeOf, readCall, textOf } from '../python';
import { chooseCommand } from './commands';
import { classFinder, factsOf, findFunction, functionsIn, pathOf } from './facts';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import type { Script } from './script';
import { imports, lastName } from './values';

/** Params of Python Fire: the signature of a function, or of a class and its methods. */
export const fireReader: ParamReader = {
  id: 'fire',
  source: 'fire',
  read(script) {
    const { file } = script;
    if (!imports(file, 'fire')) return [];
    const call = file.calls.find(({ name }) => name === 'Fire');
    if (call === undefined) return [];
    const component = keyword(call, 'component') ?? positionals(call)[0];
    if (component !== undefined) return ofComponent(script, component, rangeOf(component));
    // fire.Fire() offers whatever the module has.
    const offered = functionsIn(file).filter(({ owner, name }) => owner === null && !name.startsWith('_'));
    return commands(
      script,
      offered.map((one) => ({ name: one.name, one })),
      rangeOf(call.node),
    );
  },
};

function ofComponent(
  script: Script,
  node: SyntaxNode,
  range: { from: number; to: number },
): readonly Declaration[] {
  const { file } = script;
  switch (node.name) {
    case 'VariableName': {
      const name = textOf(file, node);
      const one = findFunction(script, name);
      if (one !== null) return signature(script, one, undefined);
      const found = classFinder(script)(name);
      if (found !== null) return ofClass(script, name, range, true);
      const value = assignmentsOf(file).find(({ target }) => textOf(file, target) === name)?.value;
      return value === undefined || value.name === 'VariableName' ? [] : ofComponent(script, value, range);
    }
    case 'CallExpression': {
      const call = readCall(file, node);
      return call === null ? [] : ofClass(script, call.name, range, false);
    }
    case 'DictionaryExpression': {
      const offered = childrenOf(node).flatMap((key) => {
        const value = key.nextSibling?.name === ':' ? key.nextSibling.nextSibling : null;
        const name = stringOf(file, key);
        const one = value === null ? null : findFunction(script, lastName(file, value) ?? '');
        return name === null || one === null ? [] : [{ name, one }];
      });
      return commands(script, offered, range);
    }
    case 'MemberExpression': {
      // Trainer().run
      const name = lastName(file, node) ?? '';
      const object = node.firstChild === null ? null : readCall(file, node.firstChild);
      const method = methodsOf(script, object?.name ?? '').find((one) => one.name === name);
      return method === undefined ? [] : signature(script, method, undefined);
    }
    default:
      return [];
  }
}

/** A class takes what its constructor takes, then the name of a method and what that takes. */
function ofClass(
  script: Script,
  name: string,
  range: { from: number; to: number },
  isMade: boolean,
): readonly Declaration[] {
  const methods = methodsOf(script, name);
  const made = isMade ? methods.find((one) => one.name === '__init__') : undefined;
  const offered = methods.filter((one) => !one.name.startsWith('_'));
  return [
    ...(made === undefined ? [] : signature(script, made, undefined)),
    ...commands(
      script,
      offered.map((one) => ({ name: one.name, one })),
      range,
    ),
  ];
}

function methodsOf(script: Script, className: string): readonly PythonFunction[] {
  const found = classFinder(script)(className);
  if (found === null) return [];
  return functionsIn(found.file).filter(({ owner }) => owner === className);
}

function commands(
  script: Script,
  offered: readonly { readonly name: string; readonly one: PythonFunction }[],
  range: { from: number; to: number },
): readonly Declaration[] {
  if (offered.length === 0) return [];
  const choices = offered.map(({ name }) => name);
  return [
    chooseCommand('fire', undefined, { choices, required: true, range }),
    ...offered.flatMap(({ name, one }) => signature(script, one, name)),
  ];
}

function signature(
  script: Script,
  one: PythonFunction,
  subcommand: string | undefined,
): readonly Declaration[] {
  const findClass = classFinder(script);
  const path = pathOf(script, one.file);
  return one.parameters.flatMap((parameter, index) => {
    const isSelf = one.owner !== null && index === 0 && /^(self|cls)$/.test(parameter.name);
    if (parameter.isSpread || isSelf) return [];
    const { spec, isOther } = factsOf(one.file, parameter, findClass, 'value');
    if (isOther) return [];
    const declaration = declare('fire', {
      ...spec,
      name: parameter.name,
      flag: `--${parameter.name}`,
      spelling: 'python',
      required: parameter.value === null,
      help: helpIn(one, parameter.name),
      range: parameter.range,
      ...(subcommand === undefined ? {} : { subcommand }),
    });
    return [inFile(declaration, path)];
  });
}

/** `lr: the learning rate` in the text of the function, as Google writes it. */
function helpIn({ doc }: PythonFunction, name: string): string | null {
  const match = new RegExp(String.raw`^\s*(?::param )?${name}\s*(?:\([^)]*\))?:\s*(.+)$`, 'm').exec(
    doc ?? '',
  );
  return match?.[1]?.trim() ?? null;
}
