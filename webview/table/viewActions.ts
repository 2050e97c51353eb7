import { PLAIN_VIEW, type SavedView } from '../../src/model/savedView';
import { t } from '../ui/l10n';
import type { Place } from './floating';
import { type MenuItem, openMenu } from './menu';
import { type TableContext, openView } from './tableContext';
import { isModified } from './viewTabs';

/** What is done with saved views. */
export class ViewActions {
  constructor(private readonly context: TableContext) {}

  /** Whether the view that is open was changed since it was saved. */
  get isModified(): boolean {
    return isModified(this.context.definition(), openView(this.context)?.definition ?? PLAIN_VIEW);
  }

  saveAs(): void {
    this.context.try(this.askAndSave());
  }

  save(name: string): void {
    this.context.try(this.keep(name));
  }

  openMenu(view: SavedView | null, at: Place): void {
    const shown = this.context.state()?.viewName ?? null;
    const isChanged = (view?.name ?? null) === shown && this.isModified;
    openMenu(
      view?.name ?? t('All runs'),
      [
        view !== null && isChanged ? { label: t('Save'), run: () => this.save(view.name) } : null,
        isChanged ? { label: t('Discard Changes'), run: () => this.context.asks.openView(view) } : null,
        ...this.items(view),
      ],
      at,
    );
  }

  /** What can be done with a view, wherever it is asked for. */
  items(view: SavedView | null): (MenuItem | null)[] {
    const { host, try: attempt } = this.context;
    return [
      { label: t('Save as View…'), run: () => this.saveAs() },
      view === null ? null : { label: t('Rename View…'), run: () => attempt(this.rename(view)) },
      view === null ? null : { label: t('Delete View'), run: () => attempt(this.remove(view)) },
      { label: t('Write Views to winnow.yaml…'), run: () => attempt(host.shareViews({})) },
    ];
  }

  private async askAndSave(): Promise<void> {
    const value = this.context.state()?.viewName ?? '';
    const name = await this.context.host.askName({ title: t('Save as View'), value });
    if (name !== null) await this.keep(name);
  }

  private async keep(name: string): Promise<void> {
    const { host, asks, definition } = this.context;
    const { views } = await host.saveView({ name, definition: definition() });
    asks.viewsChanged(views, name);
  }

  private async rename(view: SavedView): Promise<void> {
    const { host, asks, state } = this.context;
    const to = await host.askName({ title: t('Rename View'), value: view.name });
    if (to === null || to === view.name) return;
    const { views } = await host.renameView({ name: view.name, to });
    const shown = state()?.viewName ?? null;
    asks.viewsChanged(views, shown === view.name ? to : shown);
  }

  private async remove(view: SavedView): Promise<void> {
    const { host, asks, state } = this.context;
    const { views } = await host.deleteView({ name: view.name });
    const shown = state()?.viewName ?? null;
    asks.viewsChanged(views, shown === view.name ? null : shown);
  }
}
