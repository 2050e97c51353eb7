import type { ChartFilesHost } from '../../src/api/chartFiles';
import type { ChartRun } from '../../src/api/pages';
import { t } from '../ui/l10n';
import { csvOf, fileName } from './board/files';
import { type MenuItem, openMenu } from './board/menu';
import { describeLines } from './lines/describe';
import { rowsOf } from './lines/rows';
import type { LinesView } from './lines/view';

const MAX_LISTED_RUNS = 24; // As many as have colours.

/** What can be made of a card: PNG, SVG, CSV, and a piece of a run's note. */
export interface GivenOut {
  readonly title: string;
  readonly view: LinesView;
  /** The runs that its note may belong to. */
  readonly runs: readonly ChartRun[];
  readonly host: ChartFilesHost;
  /** Waits for the end and says what failed. */
  done(work: Promise<void>): void;
}

/** Opens the menu of a card below its button. */
export function openCardMenu(anchor: HTMLElement, card: GivenOut): void {
  const { title, view, host } = card;
  const save = (extension: string, bytes: () => Promise<Uint8Array>) => {
    const work = async () => host.saveFile({ name: fileName(title, extension), bytes: await bytes() });
    card.done(work());
  };
  const encoded = (words: string) => Promise.resolve(new TextEncoder().encode(words));
  const svg = view.toSvg(title);
  const notes = card.runs.slice(0, MAX_LISTED_RUNS).map((run) => ({
    label: run.name,
    run: () => card.done(copyToNote(card, run)),
  }));
  openMenu(anchor, t('Actions for {0}', title), [
    { label: t('Save as PNG…'), icon: 'file-media', run: () => save('png', () => view.toPng(title)) },
    ...(svg === null
      ? []
      : [{ label: t('Save as SVG…'), icon: 'symbol-ruler', run: () => save('svg', () => encoded(svg)) }]),
    {
      label: t('Save as CSV…'),
      icon: 'export',
      run: () => save('csv', () => encoded(view.prepared === null ? '' : csvOf(rowsOf(view.prepared)))),
    },
    ...noteItems(anchor, notes),
  ]);
}

function noteItems(
  anchor: HTMLElement,
  notes: readonly { readonly label: string; readonly run: () => void }[],
): readonly MenuItem[] {
  if (notes.length === 0) return [];
  const choose = () => openMenu(anchor, t('Copy into the note of'), notes);
  return [{ label: t('Copy into Note…'), icon: 'note', run: choose }];
}

async function copyToNote({ title, view, host }: GivenOut, { runId }: ChartRun): Promise<void> {
  const words = view.prepared === null ? '' : describeLines(view.prepared);
  await host.addToNote({
    runId,
    markdown: `**${title.replace(/[*\\\n]/g, ' ')}**: ${words}`,
    picture: { name: fileName(title, 'png'), bytes: await view.toPng(title) },
  });
}
