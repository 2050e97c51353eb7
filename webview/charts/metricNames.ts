const collator = new Intl.Collator('en', { numeric: true });

/** Validation before training, since that is what is compared; otherwise by name, numbers by their value. */
export function compareNames(a: string, b: string): number {
  const rank = (name: string) => (/^(val|valid|validation|test|eval)[_/.]/.test(name) ? 0 : 1);
  return rank(a) - rank(b) || collator.compare(a, b);
}

/** Names that contain each word of a text, whatever their case. */
export function metricsWith(metrics: readonly string[], text: string): readonly string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return metrics.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
}
