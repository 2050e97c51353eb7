import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readGpus } from '../platform/nvidia';
import { temporaryFolder } from '../platform/testing';
import { energyCounter } from './energy';
import { packageJoules, readNetwork } from './machine';

const look = { cpuPercent: 50, memoryBytes: 0, gpuWatts: [] as number[], packageJoules: null };

test("energy is the GPUs' power over time and an estimate of busy cores, and is called one", () => {
  const count = energyCounter(4, 1e9);
  expect(count({ ...look, at: 0, gpuWatts: [100] })).toEqual({ wattHours: 0, how: 'estimate' });
  // 100 to 300 W for an hour, and two of four cores at 12 W each.
  expect(count({ ...look, at: 3_600_000, gpuWatts: [300] })).toEqual({ wattHours: 224, how: 'estimate' });
});

test("energy is measured where the processors count, by the run's share of them", () => {
  const count = energyCounter(4, 1e9);
  count({ ...look, at: 0, packageJoules: 1000 });
  expect(count({ ...look, at: 1000, packageJoules: 8200 })).toEqual({ wattHours: 1, how: 'measured' });
  // The counter wrapped around: this stretch is estimated, and the whole is called so.
  expect(count({ ...look, at: 2000, packageJoules: 5 }).how).toBe('estimate');
});

test('the joules of all packages are added, and none are there where they may not be read', async () => {
  const folder = await temporaryFolder('powercap');
  expect(await packageJoules(folder)).toBeNull();
  for (const [zone, count] of [
    ['intel-rapl:0', '1500000'],
    ['intel-rapl:1', '500000'],
    ['intel-rapl:0:0', '9'],
  ]) {
    await mkdir(path.join(folder, zone ?? ''));
    await writeFile(path.join(folder, zone ?? '', 'energy_uj'), `${count}\n`);
  }
  expect(await packageJoules(folder)).toBe(2);
});

test('the network is that of all interfaces but loopback', () => {
  const text = `Inter-|   Receive\n face |bytes\n    lo: 99 1 0 0 0 0 0 0 99 1\n  eth0: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n  wlan0:5 1 0 0 0 0 0 0 6 1`;
  expect(readNetwork(text)).toEqual({ received: 15, sent: 26 });
});

test('only the GPUs that the run may use are told, as far as they tell', () => {
  const text = '0, GPU-aa, A100, 90, 4000, 250.5\n1, GPU-bb, A100, [N/A], 10, [Not Supported]\nmessage\n';
  expect(readGpus(text, {})).toHaveLength(2);
  expect(readGpus(text, { CUDA_VISIBLE_DEVICES: '' })).toEqual([]);
  expect(readGpus(text, { CUDA_VISIBLE_DEVICES: 'GPU-bb' })).toEqual([
    { index: 1, name: 'A100', utilizationPercent: null, memoryMegabytes: 10, powerWatts: null },
  ]);
});
