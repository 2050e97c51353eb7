const ADJECTIVES = `amber bold brisk calm clear crisp deft eager fair fleet fresh gentle
  golden keen kind light lucid mellow merry neat noble proud quick quiet
  ready ripe sharp silver smart sound steady stout sunny swift tidy vivid`.split(/\s+/);

const NOUNS = `barley breeze crane dove falcon field finch gale grain grove harvest heron
  husk kernel lark maize meadow millet oat orchard osprey plough quail raven
  reed robin rye scythe seed sheaf sieve sparrow spelt stork swallow wheat`.split(/\s+/);

const PLAIN_TRIES = 12; // Of 1,296 plain names; with most of them taken a number is found sooner.

/**
 * A name for a run that was given none: `brisk-heron`, or `brisk-heron-417` (the form of MLflow's server) once
 * plain ones are rare.
 */
export function freeRunName(isTaken: (name: string) => boolean, random: () => number = Math.random): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  for (let attempt = 0; ; attempt++) {
    const plain = `${pick(ADJECTIVES)}-${pick(NOUNS)}`;
    const name = attempt < PLAIN_TRIES ? plain : `${plain}-${Math.floor(100 + random() * 900)}`;
    // Names need not be unique: after some more tries a repeated one is better than none.
    if (attempt >= 2 * PLAIN_TRIES || !isTaken(name)) return name;
  }
}
