import type { Overrides, ParamSpec } from '../model/param';
import { buildOverrides } from './overrides';
import { type ScriptFiles, readScriptParams } from './params';

/** What starts a script several times, each time with another seed. */
export interface SeedPlan {
  /** The script's own param that takes the seed; null: it has none, so its environment says it. */
  readonly param: string | null;
  readonly runs: readonly (Overrides & { readonly seed: number })[];
}

/** Names of the param, the likeliest first. */
const NAMES = ['seed', 'random_seed', 'random_state', 'manual_seed', 'rng_seed', 'global_seed'];

/**
 * Plans runs with the seeds s, s + 1, … where s is the one in the arguments, else the script's default, else 0. The
 * seed goes where the script takes it. One that takes none gets WINNOW_SEED and PYTHONHASHSEED: it has to look.
 * @param args what the person typed; each run's arguments are these with its seed.
 */
export async function planSeeds(
  script: string,
  args: readonly string[],
  count: number,
  files: ScriptFiles,
): Promise<SeedPlan> {
  const { specs } = await readScriptParams(script, files);
  const spec = seedParam(specs, args);
  const first = spec === undefined ? 0 : firstSeed(spec, args);
  const seeds = Array.from({ length: count }, (_each, index) => first + index);
  if (spec === undefined) {
    const runs = seeds.map((seed) => ({
      ...{ seed, args, edits: [] },
      variables: { WINNOW_SEED: String(seed), PYTHONHASHSEED: String(seed) },
    }));
    return { param: null, runs };
  }
  const runs = await Promise.all(
    seeds.map(async (seed) => {
      const { flag } = spec;
      if (flag !== null) {
        const own = [...withoutFlag(args, flag), flag, String(seed)];
        return { seed, args: own, variables: {}, edits: [] };
      }
      const way = await buildOverrides([spec], { [spec.name]: String(seed) }, files);
      return { seed, ...way, args: [...withoutKey(args, spec), ...way.args] };
    }),
  );
  return { param: spec.name, runs };
}

function seedParam(specs: readonly ParamSpec[], args: readonly string[]): ParamSpec | undefined {
  const fitting = specs.filter(
    ({ subcommand, many, action, type, defaultValue }) =>
      (subcommand === undefined || subcommand.split(' ').every((word) => args.includes(word))) &&
      !many &&
      action === 'store' &&
      (type === 'int' || defaultValue === null || /^\s*(\d+|None|null)\s*$/.test(defaultValue)),
  );
  const rank = ({ name }: ParamSpec) => {
    const plain = name.toLowerCase().replaceAll('-', '_');
    const at = NAMES.findIndex((each) => plain === each || plain.endsWith(`.${each}`));
    return at < 0 ? (/(^|[_.])seed$/.test(plain) ? NAMES.length : Infinity) : at;
  };
  return fitting.filter((spec) => rank(spec) < Infinity).sort((a, b) => rank(a) - rank(b))[0];
}

function firstSeed(spec: ParamSpec, args: readonly string[]): number {
  const typed = spec.flag === null ? null : valueOf(args, spec.flag);
  const written = typed ?? args.find((arg) => isKey(arg, spec))?.split('=')[1] ?? spec.defaultValue ?? '';
  return /^\s*\d+\s*$/.test(written) ? Number(written) : 0;
}

function valueOf(args: readonly string[], flag: string): string | null {
  const at = args.lastIndexOf(flag);
  if (at >= 0) return args[at + 1] ?? null;
  return args.findLast((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? null;
}

function withoutFlag(args: readonly string[], flag: string): readonly string[] {
  return args.filter((arg, index) => arg !== flag && args[index - 1] !== flag && !arg.startsWith(`${flag}=`));
}

function isKey(arg: string, { route }: ParamSpec): boolean {
  return route.via === 'hydra' && arg.replace(/^\++/, '').startsWith(`${route.key}=`);
}

function withoutKey(args: readonly string[], spec: ParamSpec): readonly string[] {
  return args.filter((arg) => !isKey(arg, spec));
}
