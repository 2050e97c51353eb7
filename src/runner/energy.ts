import { totalmem } from 'node:os';

export interface EnergyLook {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Share of all cores that the run's processes had, 0 to 100. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  /** Of the GPUs that the run may use; empty: none that tells. */
  readonly gpuWatts: readonly number[];
  /** The processors' own count, or null (see `packageJoules`). */
  readonly packageJoules: number | null;
}

export interface Energy {
  readonly wattHours: number;
  /** 'measured' when the processors count for themselves; the GPUs' power is always measured. */
  readonly how: 'measured' | 'estimate';
}

/**
 * Adds up the energy of a run, look by look. GPUs: their power. Processors: what they counted, by the share of the
 * cores that the run had; else 12 W a busy core and 0.3725 W a gigabyte, the defaults of Green Algorithms
 * (Lannelongue et al., Advanced Science 2021), which is an estimate.
 */
export function energyCounter(cores: number, memoryTotal = totalmem()): (look: EnergyLook) => Energy {
  let before: EnergyLook | null = null;
  let joules = 0;
  let how: Energy['how'] = 'measured';
  return (look) => {
    if (before === null) {
      if (look.packageJoules === null) how = 'estimate';
    } else {
      const seconds = Math.max(0, look.at - before.at) / 1000;
      const watts = (together(look.gpuWatts) + together(before.gpuWatts)) / 2;
      const counted = counts(before, look);
      if (counted === null) how = 'estimate';
      joules += seconds * watts;
      joules += counted === null ? seconds * usualWatts(look) : counted * shareOf(look);
    }
    before = look;
    return { wattHours: joules / 3600, how };
  };

  function usualWatts({ cpuPercent, memoryBytes }: EnergyLook): number {
    return (cpuPercent / 100) * cores * 12 + (memoryBytes / 1e9) * 0.3725;
  }

  function shareOf({ cpuPercent, memoryBytes }: EnergyLook): number {
    return Math.min(1, Math.max(cpuPercent / 100, memoryBytes / memoryTotal));
  }
}

/** The power of all GPUs together. */
function together(watts: readonly number[]): number {
  return watts.reduce((sum, each) => sum + each, 0);
}

/** Null when nobody counted, or the count began anew. */
function counts(before: EnergyLook, look: EnergyLook): number | null {
  if (before.packageJoules === null || look.packageJoules === null) return null;
  const joules = look.packageJoules - before.packageJoules;
  return joules < 0 ? null : joules;
}
