/** What vitest adds: only tests may use it. */
interface ImportMeta {
  glob(pattern: string): Record<string, () => Promise<unknown>>;
}
