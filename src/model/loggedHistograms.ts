import { numberIn, numbersIn, readLogged, recordIn, tableIn } from './loggedJson';

/** A distribution at one step. */
export interface StepHistogram {
  readonly step: number;
  /** One more than `counts`, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

const MOST_STEPS = 2_000;
const MOST_BINS = 1_024;

/**
 * The histograms of a file by step; empty when it has none. Known shapes: a list (or "steps", "histograms") of
 * `{step, counts, bin_edges}` as numpy.histogram returns them, also under "hist", "values", "edges", "bins"; the same as
 * the table that `mlflow.log_table` writes or as CSV with a list in a cell; a table with a row a bin: step, left, right,
 * count.
 */
export function readHistograms(path: string, text: string): readonly StepHistogram[] {
  const value = readLogged(path, text);
  const record = recordIn(value);
  const list = Array.isArray(value) ? value : [record?.steps, record?.histograms].find(isRecords);
  const found = histogramsOf(list ?? recordsIn(value));
  return found.length > 0 ? found : inOrder(binRows(value));
}

/** The histogram of a file that holds one alone, such as a run writes for each step; null when it holds none. */
export function readHistogram(path: string, text: string, step: number): StepHistogram | null {
  const record = recordIn(readLogged(path, text));
  return histogramOf(record === null ? null : { step, ...record }, 0);
}

function histogramsOf(list: readonly unknown[]): readonly StepHistogram[] {
  return inOrder(
    list.slice(0, MOST_STEPS).flatMap((one, index) => {
      const made = histogramOf(recordIn(one), index);
      return made === null ? [] : [made];
    }),
  );
}

function inOrder(all: readonly StepHistogram[]): readonly StepHistogram[] {
  return [...all].sort((a, b) => a.step - b.step);
}

/** A row a histogram, as `mlflow.log_table` writes a list in each cell. */
function recordsIn(value: unknown): readonly unknown[] {
  const table = tableIn(value);
  return (table?.rows ?? [])
    .slice(0, MOST_STEPS)
    .map((row) => Object.fromEntries(table?.columns.map((name, at) => [name.trim(), cellIn(row[at])]) ?? []));
}

/** A cell that may be a list written as text, as a CSV has it. */
function cellIn(cell: unknown): unknown {
  if (typeof cell !== 'string' || !/^\s*\[[\d\s,.eE+-]*\]\s*$/.test(cell)) return cell;
  return cell
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(/[\s,]+/)
    .filter(Boolean);
}

function isRecords(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && recordIn(value[0]) !== null;
}

function histogramOf(record: Readonly<Record<string, unknown>> | null, index: number): StepHistogram | null {
  if (record === null) return null;
  const counts = numbersIn(record.counts ?? record.hist ?? record.values ?? record.count, MOST_BINS);
  const edges = numbersIn(record.bin_edges ?? record.edges ?? record.bins ?? record.limits, MOST_BINS + 1);
  const step = numberIn(record.step ?? record.epoch ?? index);
  return counts === null || edges === null ? null : checked({ step, edges, counts });
}

/** A row a bin. */
function binRows(value: unknown): readonly StepHistogram[] {
  const table = tableIn(value);
  const at = (names: RegExp) => table?.columns.findIndex((name) => names.test(name.trim())) ?? -1;
  const [step, left, right, count] = [
    at(/^(step|epoch)$/i),
    at(/^(left|low|lower|from|bin_(left|start|low|lower))$/i),
    at(/^(right|high|upper|to|bin_(right|end|high|upper))$/i),
    at(/^(count|counts|n)$/i),
  ];
  if (table === null || step < 0 || left < 0 || right < 0 || count < 0) return [];
  const steps = new Map<number, { left: number; right: number; count: number }[]>();
  for (const row of table.rows) {
    const bins = steps.get(numberIn(row[step])) ?? [];
    bins.push({ left: numberIn(row[left]), right: numberIn(row[right]), count: numberIn(row[count]) });
    steps.set(numberIn(row[step]), bins);
  }
  return [...steps].slice(0, MOST_STEPS).flatMap(([number, bins]) => {
    bins.sort((a, b) => a.left - b.left);
    const edges = [...bins.map((bin) => bin.left), bins.at(-1)?.right ?? NaN];
    const made = checked({ step: number, edges, counts: bins.map((bin) => bin.count) });
    return made === null ? [] : [made];
  });
}

function checked(histogram: StepHistogram): StepHistogram | null {
  const { step, edges, counts } = histogram;
  const isRising = edges.every(
    (edge, index) => Number.isFinite(edge) && (index === 0 || edge > (edges[index - 1] ?? 0)),
  );
  const isSound = counts.length > 0 && edges.length === counts.length + 1 && isRising;
  return isSound && Number.isFinite(step) && counts.every((count) => Number.isFinite(count) && count >= 0)
    ? histogram
    : null;
}
