import type { RunEvent } from '../platform/attemptFiles';
import type { AttemptSample } from './ledger';

/**
 * A sample under the names that MLflow's own monitor gives (mlflow/system_metrics). CPU, memory and what was read
 * from and written to disks are of the run's processes; network and the free disk are of the machine; GPUs are
 * those that the run may use. Network and disk count from the run's first sample.
 */
export function systemMetrics(event: RunEvent & { kind: 'sample' }, startedAt: number): AttemptSample {
  const metrics: Record<string, number> = {
    'system/cpu_utilization_percentage': event.cpuPercent,
    'system/system_memory_usage_megabytes': event.memoryBytes / MB,
  };
  const add = (name: string, value: number | null | undefined, unit = 1) => {
    if (value !== null && value !== undefined) metrics[`system/${name}`] = value / unit;
  };
  add('disk_read_megabytes', event.diskReadBytes, MB);
  add('disk_written_megabytes', event.diskWrittenBytes, MB);
  add('disk_available_megabytes', event.diskFreeBytes, MB);
  add('disk_usage_percentage', event.diskUsedPercent);
  add('network_receive_megabytes', event.networkReceivedBytes, MB);
  add('network_transmit_megabytes', event.networkSentBytes, MB);
  for (const gpu of event.gpus ?? []) {
    add(`gpu_${gpu.index}_utilization_percentage`, gpu.utilizationPercent);
    add(`gpu_${gpu.index}_memory_usage_megabytes`, gpu.memoryMegabytes);
    add(`gpu_${gpu.index}_power_usage_watts`, gpu.powerWatts);
  }
  if (event.energy !== undefined) add(`energy_${event.energy.how}_watt_hours`, event.energy.wattHours);
  return { at: event.at, step: Math.max(0, Math.round((event.at - startedAt) / 1000)), metrics };
}

const MB = 1e6;
