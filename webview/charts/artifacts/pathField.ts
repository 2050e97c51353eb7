import type { ChartRun } from '../../../src/api/pages';
import { t } from '../../ui/l10n';
import { part } from '../plot/plotView';
import type { Artifacts } from './reader';

const MOST_OFFERED = 50;
const RUNS_LOOKED_AT = 3;
let made = 0;

/** What a chart's field for its file asks and says. */
export interface PathFieldAsks {
  /** A person named another file. */
  changed(path: string): void;
  /** Files of a run that the chart can be drawn from, offered while a person types. */
  offer(artifacts: Artifacts, run: ChartRun): Promise<readonly string[]>;
}

/** Which file of each run a chart is drawn from: a person may name another one. */
export class PathField {
  readonly element = part('label', 'path-field small');
  private readonly field = document.createElement('input');
  private readonly offered = document.createElement('datalist');
  private path = '';
  private runs: readonly ChartRun[] = [];
  private lookedAt = '';

  constructor(
    private readonly artifacts: Artifacts,
    private readonly asks: PathFieldAsks,
  ) {
    const label = part('span', 'dim');
    label.textContent = t('File');
    made += 1;
    this.offered.id = `offered-files-${made}`;
    this.field.type = 'text';
    this.field.maxLength = 1_000;
    this.field.spellcheck = false;
    this.field.setAttribute('list', this.offered.id);
    this.field.addEventListener('focus', () => void this.look());
    this.field.addEventListener('change', () => this.take());
    this.field.addEventListener('keydown', (event) => {
      // The chart's own keys are letters here.
      event.stopPropagation();
      if (event.key === 'Enter') this.take();
      else if (event.key === 'Escape') this.field.value = this.path;
    });
    this.element.append(label, this.field, this.offered);
  }

  /** Takes the path that is shown and the runs whose files are offered; what is being typed stays. */
  update(path: string, runs: readonly ChartRun[]): void {
    this.runs = runs;
    if (path === this.path) return;
    this.path = path;
    this.field.value = path;
    this.field.title = path;
  }

  private take(): void {
    const path = this.field.value.trim().replace(/^\/+|\/+$/g, '');
    if (path === '') this.field.value = this.path;
    else if (path !== this.path) this.asks.changed(path);
  }

  private async look(): Promise<void> {
    const runs = this.runs.slice(0, RUNS_LOOKED_AT);
    const key = runs.map(({ runId }) => runId).join();
    if (key === this.lookedAt) return;
    this.lookedAt = key;
    const found = await Promise.all(
      // An offer that cannot be made is none: the chart itself says what is wrong.
      runs.map((run) => this.asks.offer(this.artifacts, run).catch(() => [])),
    );
    if (key !== this.lookedAt) return;
    const paths = [...new Set(found.flat())].sort().slice(0, MOST_OFFERED);
    this.offered.replaceChildren(
      ...paths.map((path) => {
        const option = document.createElement('option');
        option.value = path;
        return option;
      }),
    );
  }
}
