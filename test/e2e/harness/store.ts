import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** One point of a metric, as the store keeps it. */
export interface KeptPoint {
  readonly step: number;
  readonly value: number;
}

/** Asks the tracking server of a desk as MLflow's client does: what is really kept, beside what is shown. */
export class KeptRuns {
  constructor(private readonly stateHome: string) {}

  /** The ids of the runs of an experiment: the active ones, or deleted ones as well. */
  async runIds(experiment: string, which: 'ACTIVE_ONLY' | 'ALL' = 'ACTIVE_ONLY'): Promise<string[]> {
    const found = await this.call<{ experiment: { experiment_id: string } }>(
      `experiments/get-by-name?experiment_name=${encodeURIComponent(experiment)}`,
    );
    const { runs = [] } = await this.call<{ runs?: { info: { run_id: string } }[] }>('runs/search', {
      experiment_ids: [found.experiment.experiment_id],
      run_view_type: which,
    });
    return runs.map(({ info }) => info.run_id);
  }

  /** Every point of a metric, by step. */
  async history(runId: string, metric: string): Promise<KeptPoint[]> {
    const { metrics = [] } = await this.call<{ metrics?: { step: number | string; value: number }[] }>(
      `metrics/get-history?run_id=${runId}&metric_key=${metric}`,
    );
    return metrics
      .map(({ step, value }) => ({ step: Number(step), value }))
      .sort((first, second) => first.step - second.step);
  }

  private async call<Answer>(route: string, body?: unknown): Promise<Answer> {
    const { trackingUri, token } = this.connection();
    const response = await fetch(`${trackingUri}/api/2.0/mlflow/${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${route} answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<Answer>;
  }

  private connection(): { trackingUri: string; token: string } {
    const stores = path.join(this.stateHome, 'stores');
    const [key] = readdirSync(stores);
    if (key === undefined) throw new Error('No tracking server was ever started here.');
    return JSON.parse(readFileSync(path.join(stores, key, 'endpoint.json'), 'utf8'));
  }
}
