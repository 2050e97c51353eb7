import * as z from 'zod/mini';

/** What the server gives back of one run, through the same API as any client. */
export interface StoredRun {
  readonly status: string;
  /** By metric, everything in its history. */
  readonly points: ReadonlyMap<string, readonly { readonly step: number; readonly value: number }[]>;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly artifacts: ReadonlyMap<string, number>;
}

interface Api {
  readonly trackingUri: string;
  readonly token: string;
}

const pair = z.object({ key: z.string(), value: z.string() });
const run = z.object({
  info: z.object({ run_id: z.string(), status: z.string() }),
  data: z.object({
    metrics: z._default(z.array(z.object({ key: z.string() })), []),
    params: z._default(z.array(pair), []),
    tags: z._default(z.array(pair), []),
  }),
});
const experiments = z.object({
  experiments: z.array(z.object({ experiment_id: z.string(), name: z.string() })),
});
const runPage = z.object({ runs: z._default(z.array(run), []), next_page_token: z.optional(z.string()) });
const history = z.object({
  metrics: z._default(z.array(z.object({ step: z._default(z.number(), 0), value: z.number() })), []),
  next_page_token: z.optional(z.string()),
});
const listing = z.object({
  files: z._default(
    z.array(z.object({ path: z.string(), is_dir: z.boolean(), file_size: z.optional(z.number()) })),
    [],
  ),
});

/** Reads every run of an experiment whole. */
export async function readStored(server: Api, experiment: string): Promise<Map<string, StoredRun>> {
  const { experiments: found } = experiments.parse(await ask('experiments/search', { max_results: 100 }));
  const id = found.find(({ name }) => name === experiment)?.experiment_id;
  const stored = new Map<string, StoredRun>();
  for (let token: string | undefined; ;) {
    const page = runPage.parse(
      await ask('runs/search', { experiment_ids: [id], max_results: 500, page_token: token }),
    );
    for (const { info, data } of page.runs) {
      const points = new Map<string, { step: number; value: number }[]>();
      for (const { key } of data.metrics) points.set(key, await readHistory(server, info.run_id, key));
      stored.set(info.run_id, {
        status: info.status,
        points,
        params: new Map(data.params.map(({ key, value }) => [key, value])),
        tags: new Map(data.tags.map(({ key, value }) => [key, value])),
        artifacts: await artifactsOf(info.run_id, ''),
      });
    }
    token = page.next_page_token;
    if (token === undefined) return stored;
  }

  async function artifactsOf(runId: string, folder: string): Promise<Map<string, number>> {
    const query = new URLSearchParams({ run_id: runId, path: folder });
    const { files } = listing.parse(await ask(`artifacts/list?${query}`));
    const sizes = new Map<string, number>();
    for (const { path, is_dir: isFolder, file_size: size } of files) {
      if (!isFolder) sizes.set(path, size ?? 0);
      else for (const [name, bytes] of await artifactsOf(runId, path)) sizes.set(name, bytes);
    }
    return sizes;
  }

  function ask(route: string, body?: object): Promise<unknown> {
    return askServer(server, route, body);
  }
}

/** Every point of a metric of a run, repeated ones included. */
export async function readHistory(
  server: Api,
  runId: string,
  metric: string,
): Promise<{ readonly step: number; readonly value: number }[]> {
  const points: { step: number; value: number }[] = [];
  for (let token = ''; ;) {
    const query = new URLSearchParams({ run_id: runId, metric_key: metric, max_results: '25000' });
    if (token !== '') query.set('page_token', token);
    const page = history.parse(await askServer(server, `metrics/get-history?${query}`));
    points.push(...page.metrics);
    if (page.next_page_token === undefined) return points;
    token = page.next_page_token;
  }
}

async function askServer(server: Api, route: string, body?: object): Promise<unknown> {
  const response = await fetch(`${server.trackingUri}/api/2.0/mlflow/${route}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  return response.json();
}
