import type { SyntaxNode } from '@lezer/common';
import { literalOf } from '../literals';
import { type PythonFile, assignmentsOf, childrenOf, nodesOf, rangeOf, textOf } from '../python';
import { constantsFor } from './facts';
import { type Declaration, type ParamReader, declare } from './reader';
import { convertedType, imports, typedDefault } from './values';

/** Params by their place alone: `lr = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1`. */
export const argvReader: ParamReader = {
  id: 'argv',
  source: 'argv',
  read({ file }) {
    // Whoever uses a library for it looks at sys.argv for something else.
    if (imports(file, 'argparse|click|typer|fire|absl|hydra|tyro|simple_parsing|draccus|pyrallis')) return [];
    const places = new Map<number, Declaration>();
    for (const node of nodesOf(file, 'MemberExpression')) {
      const place = placeOf(file, node);
      if (place !== null && !places.has(place)) places.set(place, readPlace(file, node, place));
    }
    const last = Math.max(0, ...places.keys());
    return Array.from(
      { length: last },
      (_, index) =>
        places.get(index + 1) ??
        declare('argv', { name: `argument_${index + 1}`, range: { from: 0, to: 0 } }, []),
    );
  },
};

const MOST_PLACES = 20;

function placeOf(file: PythonFile, node: SyntaxNode): number | null {
  const object = node.firstChild;
  const item = node.getChild('[')?.nextSibling;
  if (object === null || !/^(sys\.)?argv$/.test(textOf(file, object)) || item?.name !== 'Number') return null;
  const place = Number(textOf(file, item));
  return Number.isInteger(place) && place >= 1 && place <= MOST_PLACES ? place : null;
}

function readPlace(file: PythonFile, node: SyntaxNode, place: number): Declaration {
  let statement: SyntaxNode | null = node;
  let otherwise: SyntaxNode | null = null;
  while (statement !== null && statement.name !== 'AssignStatement' && statement.name !== 'Script') {
    if (statement.name === 'ConditionalExpression') otherwise = childrenOf(statement).at(-1) ?? null;
    statement = statement.parent;
  }
  const assignments = assignmentsOf(file);
  const target = assignments.find(
    ({ value }) => value.from <= node.from && node.to <= value.to && value.parent?.from === statement?.from,
  )?.target;
  const name = target?.name === 'VariableName' ? textOf(file, target) : `argument_${place}`;
  // lr = 0.1 above, and another value where an argument is given
  const before = assignments.find(
    (one) => textOf(file, one.target) === name && literalOf(file, one.value) !== null,
  );
  const literal = literalOf(file, otherwise ?? before?.value, constantsFor(file));
  return declare('argv', {
    name,
    type: convertedType(file, node),
    defaultValue: typedDefault(literal, false),
    required: otherwise === null && before === undefined,
    range: target === undefined ? rangeOf(node) : rangeOf(target),
  });
}
