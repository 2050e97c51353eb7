import * as z from 'zod/mini';
import { once } from '../../base/once';
import type { ParamSpec, ParamType } from '../../model/param';
import { commentBeside } from '../definitions';
import { literalOf } from '../literals';
import { assignmentsOf, parsePython, rangeOf, textOf } from '../python';
import { readAnnotation } from './annotations';
import { type Declaration, type ParamReader, declare } from './reader';
import { factsOfLiteral, isPlainList } from './values';

/**
 * Parameters of a notebook, by papermill's convention: the assignments of the cell with the tag `parameters`,
 * `target[: type] = value  # type: help`. Their places are those within that cell.
 */
export const notebookReader: ParamReader = {
  id: 'notebook',
  source: 'notebook',
  read({ path, file }) {
    return path.endsWith('.ipynb') ? readParameters(parameterCell(file.source) ?? '') : [];
  },
};

const notebook = once(() =>
  z.object({
    cells: z.array(
      z.object({
        cell_type: z.string(),
        source: z.union([z.string(), z.array(z.string())]),
        metadata: z.optional(z.object({ tags: z.optional(z.array(z.unknown())) })),
      }),
    ),
  }),
);

/** The source of the first cell with the tag `parameters`, or null. */
function parameterCell(text: string): string | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null; // No notebook, or one that is half written: it has no parameters.
  }
  const parsed = notebook().safeParse(content);
  if (!parsed.success) return null;
  const cell = parsed.data.cells.find(
    (one) => one.cell_type === 'code' && one.metadata?.tags?.includes('parameters') === true,
  );
  if (cell === undefined) return null;
  return typeof cell.source === 'string' ? cell.source : cell.source.join('');
}

function readParameters(source: string): readonly Declaration[] {
  const file = parsePython(source);
  return assignmentsOf(file).flatMap(({ target, value }) => {
    const statement = target.parent;
    if (target.name !== 'VariableName' || statement?.parent?.name !== 'Script') return [];
    const literal = literalOf(file, value);
    const isOther = literal === null || (literal.kind === 'list' && !isPlainList(literal));
    const comment = commentBeside(file, value);
    const [, word, rest] = /^type:\s*([^\s]*)\s*(.*)$/.exec(comment ?? '') ?? [];
    const type = statement.getChild('TypeDef')?.lastChild ?? null;
    const annotated = type === null ? null : readAnnotation(file, type, () => null);
    const facts: Partial<ParamSpec> = isOther ? {} : factsOfLiteral(literal);
    return [
      declare('notebook', {
        ...facts,
        ...(annotated === null ? {} : { type: annotated.type, many: annotated.many }),
        ...(isType(word) ? { type: word } : {}),
        name: textOf(file, target),
        route: { via: 'notebook' },
        help: (rest ?? comment) || null,
        range: rangeOf(target),
      }),
    ];
  });
}

function isType(word: string | undefined): word is ParamType {
  return word === 'int' || word === 'float' || word === 'bool' || word === 'str';
}
