import type { SyntaxNode } from '@lezer/common';
import { literalOf, stringOf } from '../literals';
import { type PythonFile, keyword, nodesOf, positionals, rangeOf, readCall, textOf } from '../python';
import { isTrainingName } from '../trainingNames';
import { constantsFor } from './facts';
import { type Declaration, type ParamReader, declare, inFile } from './reader';
import { convertedType, typeOfLiteral, typedDefault } from './values';

/** Variables of the environment: `float(os.environ.get("LR", "0.1"))`, `os.getenv("EPOCHS", 10)`. */
export const environmentReader: ParamReader = {
  id: 'environment',
  source: 'environment',
  read({ sources }) {
    return sources.flatMap(({ file, path, isReached }) =>
      lookUps(file)
        .filter(({ node }) => isReached(node))
        .map((one) => inFile(declarationOf(file, one), path)),
    );
  },
};

interface LookUp {
  readonly variable: string;
  /** The whole expression. */
  readonly node: SyntaxNode;
  readonly name: SyntaxNode;
  readonly fallback: SyntaxNode | null;
}

/** The default behind a variable of the environment, for flags that take their own default from there. */
export function fallbackOf(file: PythonFile, node: SyntaxNode | undefined): SyntaxNode | undefined {
  const call = node === undefined ? null : readCall(file, node);
  if (call === null || node === undefined) return node;
  const isConversion = call.receiver === null && /^(int|float|str)$/.test(call.name);
  const inner = isConversion ? positionals(call)[0] : node;
  const innerCall = inner === undefined ? null : readCall(file, inner);
  if (innerCall === null) return isConversion ? inner : node;
  return lookUpOf(file, innerCall.node)?.fallback ?? node;
}

function lookUps(file: PythonFile): readonly LookUp[] {
  if (!/\benviron\b|\bgetenv\b/.test(file.source)) return [];
  const found = [
    ...file.calls.flatMap(({ node }) => lookUpOf(file, node) ?? []),
    ...nodesOf(file, 'MemberExpression').flatMap((node) => itemOf(file, node) ?? []),
  ];
  const isParam = ({ variable, fallback }: LookUp) => {
    if (OF_THE_SYSTEM.test(variable)) return false;
    // Without a default, most variables say where the machine is, not how to train.
    return fallback === null
      ? isTrainingName(variable)
      : literalOf(file, fallback, constantsFor(file)) !== null;
  };
  return found.filter(isParam).sort((a, b) => a.node.from - b.node.from);
}

function lookUpOf(file: PythonFile, node: SyntaxNode): LookUp | null {
  const call = readCall(file, node);
  if (call === null) return null;
  const receiver = call.receiver === null ? '' : textOf(file, call.receiver);
  const isGet = call.name === 'get' && /^(os\.)?environ$/.test(receiver);
  if (!isGet && !(call.name === 'getenv' && (receiver === 'os' || receiver === ''))) return null;
  const [name, second] = positionals(call);
  const variable = stringOf(file, name);
  if (variable === null || name === undefined) return null;
  return { variable, node, name, fallback: second ?? keyword(call, 'default') ?? null };
}

/** `os.environ["LR"]`, where it is read */
function itemOf(file: PythonFile, node: SyntaxNode): LookUp | null {
  const object = node.firstChild;
  const name = node.getChild('[')?.nextSibling;
  if (object === null || !/^(os\.)?environ$/.test(textOf(file, object))) return null;
  if (node.parent?.name === 'AssignStatement' && node.parent.firstChild?.from === node.from) return null;
  const variable = stringOf(file, name);
  return variable === null || name === null || name === undefined
    ? null
    : { variable, node, name, fallback: null };
}

function declarationOf(file: PythonFile, { variable, node, name, fallback }: LookUp): Declaration {
  const literal = literalOf(file, fallback, constantsFor(file));
  const converted = convertedType(file, node);
  return declare('environment', {
    name: variable,
    route: { via: 'environment', variable },
    // bool("False") is true: as a text it is at least what was typed.
    type:
      converted === 'bool'
        ? 'str'
        : converted === 'str' && literal !== null && literal.kind === 'number'
          ? typeOfLiteral(literal)
          : converted,
    defaultValue: typedDefault(literal, false),
    range: rangeOf(name),
  });
}

/** What machines, schedulers and libraries set. And no secret is asked for in a form. */
const OF_THE_SYSTEM =
  /^(PATH|HOME|USER|USERNAME|LOGNAME|PWD|SHELL|LANG|LC_\w+|TERM|TMPDIR|TEMP|TMP|DISPLAY|HOSTNAME|HOST|XDG_\w+|PYTHON\w*|VIRTUAL_ENV|CONDA_\w+|CUDA_\w+|NVIDIA_\w+|NCCL_\w+|RANK|LOCAL_RANK|GROUP_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|NODE_RANK|MASTER_(ADDR|PORT)|OMP_\w+|MKL_\w+|OPENBLAS_\w+|SLURM_\w+|PBS_\w+|LSB_\w+|MLFLOW_\w+|WANDB_\w+|COMET_\w+|NEPTUNE_\w+|CLEARML_\w+|HF_\w+|HUGGINGFACE_\w+|TRANSFORMERS_\w+|TOKENIZERS_\w+|TORCH_\w+|TF_\w+|XLA_\w+|JAX_\w+|KAGGLE_\w+|COLAB_\w+|AWS_\w+|GOOGLE_\w+|AZURE_\w+|GITHUB_\w+|CI|WINNOW\w*|\w*(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|ACCESS_?KEY)\w*)$/i;
