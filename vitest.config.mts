import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'webview/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['src/**/*.process.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        // Parts that start programs of their own: servers that are killed, git by the dozen, whole runs.
        test: {
          name: 'processes',
          include: ['src/**/*.process.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Pages in a browser, without an editor and without a server.
        test: {
          name: 'pages',
          include: ['test/pages/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000, interval: 50 } },
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // The real mlflow client against the real server: one file at a time, or two cores are not enough.
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        // What goes wrong on a machine: nothing that was acknowledged is lost, and no process is left.
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        // A person's way through the packed extension in a real VS Code; each file has an editor of its own.
        test: {
          name: 'journeys',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/harness/globalSetup.ts',
          testTimeout: 240_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000, interval: 100 } },
          fileParallelism: false,
        },
      },
    ],
  },
});
