// npm run faults: the faults level at full length: a hundred kills, or WINNOW_KILLS; WINNOW_SEED chooses their moments.
import process from 'node:process';

process.env.WINNOW_KILLS ??= '100';
process.argv.push('faults');
await import('./test.mjs');
