import type { LinesSpec } from '../../../src/model/chartSpec';
import { t } from '../../ui/l10n';
import type { ChartKind } from '../kind';

/** Metrics over steps, epochs, time or another metric: a line a run. */
export const lines: ChartKind<LinesSpec> = {
  kind: 'lines',
  label: t('Lines'),
  icon: 'graph-line',
  title: (spec) => spec.metric,
  wants: (spec) => ({ series: [spec.metric], columns: null }),
  propose: () => null,
  create: () => ({
    element: document.createElement('div'),
    update: () => undefined,
    summary: '',
    description: '',
    table: () => [],
    toPng: () => Promise.resolve(new Uint8Array()),
    toSvg: () => null,
    dispose: () => undefined,
  }),
};
