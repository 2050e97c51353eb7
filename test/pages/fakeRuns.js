// Runs that look like training, as many as are asked for; the same ones every time. A value is made when it is asked for.
const NAMES =
  'brisk-otter calm-finch bold-puffin noble-ibis lucid-wren tidy-marten rapid-tern keen-stoat mild-gecko amber-lynx swift-newt wry-badger merry-quail plain-crane dusky-vole loyal-shrew stout-hare sunny-civet frank-raven early-dingo deft-pika gentle-mole vivid-skink quiet-heron'.split(
    ' ',
  );
const HOSTILE =
  '<img src=x onerror="document.body.dataset.hacked=1"><script>document.body.dataset.hacked=1</script>';
const ODD = [HOSTILE, '🦦🦊 emoji', 'מרוץ שועל', 'x'.repeat(500), 'a\tb\nc', '‮reversed'];

/** A number from 0 to 1 that follows from two whole ones. */
export function chance(a, b) {
  let h = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 7, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39) >>> 0;
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

const HIDDEN = [64, 32, 16];
const RATES = ['0.003', '0.01', '0.001', '0.1'];

/** @returns the runs and their columns: `value(index, column)` is a cell. */
export function fakeRuns({ count, extraColumns = 0, kind = '', now = Date.now() }) {
  const id = (index) => (index + 1).toString(16).padStart(32, '0');
  const name = (index) => {
    if (kind === 'hostile') return ODD[index % ODD.length];
    return NAMES[index % NAMES.length] + (index < NAMES.length ? '' : `-${Math.floor(index / NAMES.length)}`);
  };
  const state = (index) => {
    if (index === 7 || index === 20) return 'running';
    if (index === 8) return 'queued';
    if (index === 9) return 'failed';
    if (index === 16) return 'stopped';
    if (index > 24 && index % 97 === 0) return 'failed';
    return 'finished';
  };
  const hidden = (index) => (index < 24 ? HIDDEN[index < 10 ? 0 : index < 17 ? 1 : 2] : HIDDEN[index % 3]);
  const accuracy = (index) => {
    if (index === 23) return 0.9554;
    if (index === 0) return 0.9916;
    const level = { 64: 0.9875, 32: 0.9835, 16: 0.9705 }[hidden(index)];
    const low = chance(index, 1) < 0.03 ? 0.4 : 0;
    return level - 0.011 * chance(index, 2) - low;
  };
  const extra = Array.from({ length: extraColumns }, (_, n) =>
    n % 3 === 0
      ? { kind: 'param', name: `option_${n}` }
      : { kind: 'metric', name: `val_layer_${n}`, of: 'last' },
  );
  const metrics = [
    'val_accuracy',
    'val_loss',
    'loss',
    ...(kind === 'hostile' ? [HOSTILE, 'broken', 'm'.repeat(500)] : []),
    ...(kind === 'many' ? Array.from({ length: 10_000 }, (_, n) => `layer.${n}.gradient_norm`) : []),
  ];
  const params = ['lr', 'epochs', 'seed', 'hidden', 'batch_size', 'optimizer'];

  function metric(index, key, of) {
    const s = state(index);
    if (s === 'queued') return null;
    if (key === 'val_accuracy')
      return s === 'failed' ? 0.9415 : accuracy(index) - (of === 'best' || of === 'max' ? 0 : 0.001);
    if (key === 'val_loss') return 0.02 + (1 - accuracy(index)) * 3.1 + 0.03 * chance(index, 3);
    if (key === 'loss') return 0.01 + (1 - accuracy(index)) * 2;
    if (key === 'broken') return ['NaN', 'Infinity', '-Infinity', null, 1e-9, 123456789.5][index % 6];
    let sum = 0;
    for (const letter of key) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
    return chance(index, sum) * 10 ** ((sum % 4) - 1);
  }

  function value(index, column) {
    switch (column.kind) {
      case 'name':
        return name(index);
      case 'metric':
        if (kind === 'nometrics') return null;
        return metric(index, column.name, column.of);
      case 'param':
        switch (column.name) {
          case 'lr':
            return kind === 'hostile' && index % 4 === 0 ? HOSTILE : RATES[index % RATES.length];
          case 'epochs':
            return '30';
          case 'seed':
            return String(index % 5);
          case 'hidden':
            return String(hidden(index));
          case 'batch_size':
            return '64';
          case 'optimizer':
            return 'adam';
          default:
            return String(
              Math.floor(chance(index, column.name.length * 31 + Number(column.name.slice(7))) * 1000) / 1000,
            );
        }
      case 'tag':
        return null;
      case 'attribute':
        if (column.name === 'state') return state(index);
        if (column.name === 'started') return state(index) === 'queued' ? null : startedAt(index);
        if (column.name === 'duration')
          return state(index) === 'finished' ? 34_000 + 16_000 * chance(index, 4) : null;
        if (column.name === 'branch') return 'main';
        return null;
    }
    return null;
  }
  function startedAt(index) {
    if (state(index) === 'running') return now - 27_000;
    return now - (2 + index * 0.6) * 3_600_000;
  }

  return {
    count,
    columns: [
      ...metrics.map((one) => ({ kind: 'metric', name: one, of: 'last' })),
      ...params.map((one) => ({ kind: 'param', name: one })),
      ...extra,
    ],
    value,
    run: (index, columns) => ({
      kind: 'run',
      runId: id(index),
      experimentId: '1',
      name: name(index),
      state: state(index),
      reason: index === 9 ? 'exit 1 at epoch 7' : index === 8 ? 'waits for a slot, 1st' : null,
      startedAt: state(index) === 'queued' ? null : startedAt(index),
      endedAt: null,
      exitCode: index === 9 ? 1 : 0,
      hasRunner: true,
      childCount: 0,
      starred: index === 0,
      archived: false,
      hasNote: index === 4,
      cells: columns.map((column) => value(index, column)),
    }),
    id,
    name,
    indexOf: (runId) => Number.parseInt(runId, 16) - 1,
  };
}
