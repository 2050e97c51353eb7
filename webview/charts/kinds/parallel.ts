import type { ParallelSpec } from '../../../src/model/chartSpec';
import { t } from '../../ui/l10n';
import type { ChartKind } from '../kind';
import { ParallelView } from '../parallel/view';
import { candidates, frameOf, wantsColumns } from '../plot/columns';

const MOST_PARAMS = 4; // More axes than these are added by hand: they would stand too close.

/**
 * A line a run over params and metrics; brushes on the axes narrow the table. Drawn on canvases of its own: the plugin of
 * Chart.js for this has no brushes, no axes of texts within one chart, and an element a line, which ten thousand are too
 * many for.
 */
export const parallel: ChartKind<ParallelSpec> = {
  kind: 'parallel',
  label: t('Parallel Coordinates'),
  icon: 'type-hierarchy-sub',
  title,
  wants: (spec) => wantsColumns(spec, spec.columns),
  propose(id, columns, goal) {
    const found = candidates(columns, goal);
    const params = found.params.slice(0, MOST_PARAMS).map(({ column }) => column);
    if (found.goal === null || params.length === 0) return null;
    const other = found.metrics.find((column) => column.kind === 'metric' && /loss|error/i.test(column.name));
    return {
      ...frameOf(id, 2),
      kind: 'parallel',
      columns: [...params, ...(other === undefined ? [] : [other]), found.goal],
    };
  },
  create: (services) => new ParallelView(services, title),
};

function title(): string {
  return t('Parallel coordinates');
}
