import { type TemplateResult, html, nothing } from 'lit';
import type { BoardSettings, LineAxis } from '../../../src/model/chartSpec';
import { t } from '../../ui/l10n';
import { axisKey } from '../lines/axis';
import { smoothingSlider } from '../smoothingSlider';
import { type MenuItem, openMenu } from './menu';

export interface ToolbarHost {
  change(board: BoardSettings): void;
  /** The charts that can be added. */
  addItems(): readonly MenuItem[];
}

const MAX_METRICS = 200; // Names in the list of axes; more are a list that nobody reads.

/** The line above the charts: what all lines share, and what may be added. */
export function toolbarOf(
  board: BoardSettings,
  metrics: readonly string[],
  host: ToolbarHost,
): TemplateResult {
  const axes: readonly (readonly [LineAxis, string])[] = [
    [{ kind: 'step' }, t('step')],
    [{ kind: 'epoch' }, t('epoch')],
    [{ kind: 'relative' }, t('relative time')],
    [{ kind: 'time' }, t('wall time')],
  ];
  const known = metrics.slice(0, MAX_METRICS);
  const own = board.x.kind === 'metric' ? [board.x.name] : [];
  const names = [...new Set([...own, ...known])];
  const current = axisKey(board.x);
  return html`<label class="axis"
      ><span class="dim" aria-hidden="true">X</span>
      <select
        aria-label=${t('X axis')}
        .value=${current}
        @change=${(event: Event) => {
          if (!(event.target instanceof HTMLSelectElement)) return;
          const key = event.target.value;
          const plain = axes.find(([axis]) => axisKey(axis) === key)?.[0];
          const name = names.find((one) => axisKey({ kind: 'metric', name: one }) === key);
          const x = plain ?? (name === undefined ? null : ({ kind: 'metric', name } as const));
          if (x !== null) host.change({ ...board, x });
        }}
      >
        ${axes.map(([axis, label]) => html`<option value=${axisKey(axis)} ?selected=${axisKey(axis) === current}>${label}</option>`)}
        ${
          names.length === 0
            ? nothing
            : html`<optgroup label=${t('Another metric')}>
                ${names.map((name) => {
                  const key = axisKey({ kind: 'metric', name });
                  return html`<option value=${key} ?selected=${key === current}>${name}</option>`;
                })}
              </optgroup>`
        }
      </select></label
    >
    ${smoothingSlider(board.smoothing, (smoothing) => host.change({ ...board, smoothing }))}
    ${check(t('Join seeds'), t('Runs that differ in their seeds only become one line with a band'), board.joinSeeds, () => host.change({ ...board, joinSeeds: !board.joinSeeds }))}
    ${check(t('Ignore outliers'), t('Leaves the lowest and highest few values out of the scale'), board.ignoreOutliers, () => host.change({ ...board, ignoreOutliers: !board.ignoreOutliers }))}
    <span class="grow"></span>
    <button
      class="icon codicon codicon-add"
      id="board-add"
      aria-haspopup="menu"
      aria-expanded="false"
      title=${t('Add Chart…')}
      aria-label=${t('Add Chart…')}
      @click=${(event: Event) => {
        if (event.currentTarget instanceof HTMLElement)
          openMenu(event.currentTarget, t('Add Chart'), host.addItems());
      }}
    ></button>
    <button
      class="icon codicon codicon-layout"
      id="board-layout"
      aria-haspopup="menu"
      aria-expanded="false"
      title=${t('Charts Side by Side')}
      aria-label=${t('Charts Side by Side')}
      @click=${(event: Event) => {
        if (event.currentTarget instanceof HTMLElement) {
          openMenu(event.currentTarget, t('Charts Side by Side'), layoutItems(board, host));
        }
      }}
    ></button>`;
}

function layoutItems(board: BoardSettings, host: ToolbarHost): readonly MenuItem[] {
  const item = (columns: 1 | 2 | 3 | undefined, label: string): MenuItem => ({
    label,
    checked: board.columns === columns,
    run: () => host.change({ ...board, columns }),
  });
  return [
    item(undefined, t('As Many as Have Room')),
    'separator',
    item(1, t('One Column')),
    item(2, t('Two Columns')),
    item(3, t('Three Columns')),
  ];
}

function check(label: string, title: string, isOn: boolean, toggle: () => void): TemplateResult {
  return html`<label class="check" title=${title}
    ><input type="checkbox" .checked=${isOn} @change=${toggle} /><i
      class="codicon codicon-check"
      aria-hidden="true"
    ></i>
    ${label}</label
  >`;
}
