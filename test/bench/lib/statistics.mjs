// Numbers out of samples.

export const median = (samples) => percentile(samples, 50);

/** The nearest-rank percentile: always one of the samples. */
export function percentile(samples, percent) {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  if (percent === 50 && sorted.length % 2 === 0) {
    return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
  }
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const mean = (samples) =>
  samples.length === 0 ? null : samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
