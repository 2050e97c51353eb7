import { type TemplateResult, html, nothing } from 'lit';
import type { RunView } from '../../../src/api/runPage';
import type { CodeChange, UsedDataset } from '../../../src/api/runPageSchemas';
import { formatBytes, formatCount, formatDuration } from '../../../src/model/format';
import { type ParamComparison, compareParams } from '../../../src/model/runComparison';
import { t } from '../../ui/l10n';
import { stateWord } from '../../ui/stateWord';
import { STATE_ICONS, whenText } from './words';

const MOST_PARAMS = 300; // Rows drawn at once; more come when asked for.

export function paramsOf(view: RunView): readonly ParamComparison[] {
  return compareParams(
    Object.fromEntries(view.run.params),
    view.other === null ? null : Object.fromEntries(view.other.run.params),
  );
}

/** Params with those of the other run; what differs comes first and is marked. */
export function paramsTable(view: RunView, showAll: boolean, askForAll: () => void): TemplateResult {
  const params = paramsOf(view);
  if (params.length === 0) return html`<p class="dim">${t('No params: the script logged none.')}</p>`;
  const shown = showAll ? params : params.slice(0, MOST_PARAMS);
  const { other } = view;
  return html`<table class="pairs ${other === null ? '' : 'with-other'}">
      <thead>
        <tr>
          <th scope="col">${t('param')}</th>
          <th scope="col" class="number">${t('this run')}</th>
          ${
            other === null
              ? nothing
              : html`<th scope="col" class="number">${other.isChampion ? t('champion') : other.run.name}</th>`
          }
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (param) =>
            html`<tr class=${param.differs ? 'differs' : ''}>
              <th scope="row" title=${param.name}>${param.name}</th>
              <td class="number"><code>${param.own ?? '–'}</code></td>
              ${
                other === null
                  ? nothing
                  : html`<td class="number dim">
                      ${param.differs ? html`<code>${param.other ?? '–'}</code>` : html`<span title=${t('the same')}>=</span>`}
                    </td>`
              }
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      shown.length < params.length
        ? html`<button class="link" @click=${askForAll}>
            ${t('Show All {0} Params', formatCount(params.length))}
          </button>`
        : nothing
    }`;
}

const MOST_FILES = 200;

/** Files whose code differs; a click opens VS Code's diff editor. */
export function codeList(
  changes: readonly CodeChange[],
  open: (path: string) => void,
  sentence: string,
): TemplateResult {
  if (changes.length === 0) return html`<p class="dim">${sentence}</p>`;
  return html`<ul class="files">
      ${changes.slice(0, MOST_FILES).map(
        ({ path, change, addedLines, deletedLines }) =>
          html`<li>
            <button class="row file-${change}" title=${path} @click=${() => open(path)}>
              <i class="codicon codicon-file-code" aria-hidden="true"></i>
              <span class="file-name">${path}</span>
              <span class="lines">
                ${addedLines === null || addedLines === 0 ? nothing : html`<span class="added">+${formatCount(addedLines)}</span>`}
                ${
                  deletedLines === null || deletedLines === 0
                    ? nothing
                    : html`<span class="removed">−${formatCount(deletedLines)}</span>`
                }
                <b title=${changeWord(change)} aria-label=${changeWord(change)}
                  >${change === 'added' ? 'A' : change === 'deleted' ? 'D' : 'M'}</b
                >
              </span>
            </button>
          </li>`,
      )}
    </ul>
    ${
      changes.length > MOST_FILES
        ? html`<p class="dim">${t('and {0} more files', formatCount(changes.length - MOST_FILES))}</p>`
        : nothing
    }`;
}

function changeWord(change: CodeChange['change']): string {
  switch (change) {
    case 'added':
      return t('only in this run');
    case 'deleted':
      return t('not in this run');
    case 'modified':
      return t('modified');
  }
}

/** The data that the run read, each with whether the other run read the same. */
export function dataList({ inputs, otherInputs, other }: RunView): TemplateResult {
  const datasets = inputs?.datasets ?? [];
  if (datasets.length === 0) return html`<p class="dim">${t('No dataset is known of this run.')}</p>`;
  const word = (dataset: UsedDataset) => {
    if (other === null || otherInputs === null) return null;
    const than = other.isChampion ? t('champion') : other.run.name;
    const named = otherInputs.datasets.filter(({ name }) => name === dataset.name);
    if (named.some(({ digest }) => digest === dataset.digest)) return t('same as {0}', than);
    return named.length > 0 ? t('other than {0}', than) : t('not in {0}', than);
  };
  const missing =
    other === null
      ? []
      : (otherInputs?.datasets ?? []).filter(({ name }) => !datasets.some((own) => own.name === name));
  return html`<ul class="files">
    ${datasets.map((dataset) => {
      const standing = word(dataset);
      const facts = [
        dataset.context,
        dataset.rowCount === null ? null : t('{0} rows', formatCount(dataset.rowCount)),
        standing,
        dataset.problem,
      ].filter((fact) => fact !== null);
      return html`<li>
        <span class="row" title=${[dataset.digest, dataset.source ?? ''].join('\n')}>
          <i class="codicon codicon-database" aria-hidden="true"></i>
          <span class="file-name">${dataset.name}</span>
          <span class="dim fact">${facts.join(' · ')}</span>
        </span>
      </li>`;
    })}
    ${missing.map(
      ({ name }) =>
        html`<li>
          <span class="row">
            <i class="codicon codicon-circle-slash dim" aria-hidden="true"></i>
            <span class="file-name dim">${name}</span>
            <span class="dim fact">${t('not opened by this run')}</span>
          </span>
        </li>`,
    )}
  </ul>`;
}

/** The starts of a run that was resumed, the latest first. */
export function attemptList({ attempts }: RunView, now: number): TemplateResult {
  return html`<ul class="files">
    ${[...attempts]
      .reverse()
      .map(({ number, state, startedAt, endedAt, resumedFrom, reason, exitCode, signal }) => {
        const took = startedAt === null ? null : formatDuration((endedAt ?? now) - startedAt);
        const end = signal ?? (exitCode === null || exitCode === 0 ? null : t('exit {0}', exitCode));
        const facts = [
          state === null ? t('goes on') : stateWord(state),
          end,
          took,
          startedAt === null ? null : whenText(startedAt, now),
        ].filter((fact) => fact !== null);
        return html`<li>
          <span class="row" title=${reason ?? ''}>
            <i class="codicon codicon-${STATE_ICONS[state ?? 'running']}" aria-hidden="true"></i>
            <span class="file-name">${t('attempt {0}', number)}</span>
            <span class="dim fact">${facts.join(' · ')}</span>
          </span>
          ${resumedFrom === null ? nothing : html`<p class="dim small from">${t('went on from {0}', resumedFrom)}</p>`}
        </li>`;
      })}
  </ul>`;
}

/** Models that the run logged or used, and registered versions that name it. */
export function modelList({ inputs }: RunView): TemplateResult {
  return html`<ul class="files">
    ${(inputs?.models ?? []).map(
      ({ name, direction, status, modelId }) =>
        html`<li>
          <span class="row" title=${modelId}>
            <i class="codicon codicon-package" aria-hidden="true"></i>
            <span class="file-name">${name}</span>
            <span class="dim fact"
              >${direction === 'output' ? t('logged model') : t('used model')}${
                status === '' || status === 'READY' ? '' : `, ${status.toLowerCase().replaceAll('_', ' ')}`
              }</span
            >
          </span>
        </li>`,
    )}
    ${(inputs?.versions ?? []).map(
      ({ name, version, aliases }) =>
        html`<li>
          <span class="row">
            <i class="codicon codicon-tag" aria-hidden="true"></i>
            <span class="file-name">${name} v${version}</span>
            <span class="dim fact"
              >${['registered', ...aliases.map((alias) => `@${alias}`)].join(' · ')}</span
            >
          </span>
        </li>`,
    )}
  </ul>`;
}

const MOST_DIFFERENCES = 30;

/** What the run ran in; packages that differ from the other run's. */
export function environmentList(view: RunView, showAll: boolean, askForAll: () => void): TemplateResult {
  const { environment, packageDifferences, other } = view;
  if (environment === null)
    return html`<p class="dim">${t('Not known: nothing recorded what it ran in.')}</p>`;
  const { python, host, seeds } = environment;
  const than = other === null ? '' : other.isChampion ? t('champion') : other.run.name;
  const shown = showAll ? packageDifferences : packageDifferences.slice(0, MOST_DIFFERENCES);
  const seedWords = Object.entries(seeds).map(([what, seed]) => `${what} ${seed}`);
  return html`<dl class="facts">
      <dt>Python</dt>
      <dd title=${python?.interpreter ?? ''}>
        ${
          python === null
            ? t('not Python')
            : t('{0}, {1} packages locked', python.version, formatCount(python.packages.length))
        }
      </dd>
      ${shown.map(
        ({ name, own, other: theirs }) =>
          html`<dt title=${name}>${name}</dt>
            <dd>
              <span class="changed">${own ?? t('none')}</span>
              <span class="dim">${than} ${theirs ?? t('none')}</span>
            </dd>`,
      )}
      <dt>${t('Seeds set')}</dt>
      <dd>
        ${seedWords.length === 0 ? html`<span class="dim">${t('none known')}</span>` : seedWords.join(', ')}
      </dd>
      <dt>${t('Host')}</dt>
      <dd>
        ${[
          host.name,
          host.system,
          t('{0} CPU', host.cpuCount),
          formatBytes(host.memoryBytes),
          host.gpus.length === 0 ? t('no GPU') : host.gpus.join(', '),
        ].join(', ')}
      </dd>
    </dl>
    ${
      shown.length < packageDifferences.length
        ? html`<button class="link" @click=${askForAll}>
            ${t('Show All {0} Packages', formatCount(packageDifferences.length))}
          </button>`
        : nothing
    }`;
}
