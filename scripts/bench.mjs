// Measures Winnow against its floor and its peer, and says which budgets hold. docs/performance.md tells how.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { figures } from '../test/bench/figures/index.mjs';
import { createBench } from '../test/bench/lib/bench.mjs';
import { figure } from '../test/bench/lib/figure.mjs';
import { closeAll, closeOnExit, endIfStopping } from '../test/bench/lib/owned.mjs';
import { report, table } from '../test/bench/lib/report.mjs';

const USAGE = `npm run --silent bench -- [--json FILE] [--quick] [NAME…]

  --json FILE  also writes the figures to FILE
  --quick      few repetitions: shows that the bench works, not how fast Winnow is

Names: ${figures.map(({ name }) => name).join(', ')}. Without a name: all.
Ends with 0 when everything was measured, whether budgets hold or not; with 1 when something could not be.`;

const { json, quick, chosen } = options();
closeOnExit();
const bench = createBench({ quick });
const rows = [];
for (const { name, measure } of chosen) {
  bench.tell(`Measuring ${name} …`);
  try {
    rows.push(...(await measure(bench)));
  } catch (error) {
    await endIfStopping();
    rows.push(figure({ name, unit: '' }));
    bench.note(`${name} could not be measured: ${error.message}`);
  }
}
if (json !== undefined)
  writeFileSync(json, `${JSON.stringify(await report(rows, bench.versions), null, 2)}\n`);
await closeAll();

console.log(table(rows));
for (const note of bench.notes) console.log(`\n${note}`);
if (quick) console.log('\nFew repetitions (--quick): these figures are only a hint.');
process.exitCode = rows.some(({ value }) => value === null) ? 1 : 0;

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const unknown = positionals.filter((asked) => !figures.some(({ name }) => name === asked));
    if (unknown.length > 0) throw new Error(`There is no figure called ${unknown.join(', ')}.`);
    return {
      // npm runs scripts in the project's folder; the file is meant to be where the person stands.
      json: values.json && path.resolve(process.env.INIT_CWD ?? process.cwd(), values.json),
      quick: values.quick ?? false,
      chosen: positionals.length === 0 ? figures : figures.filter(({ name }) => positionals.includes(name)),
    };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
