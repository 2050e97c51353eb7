import './menu.css';

/** A line of a menu. */
export type MenuItem =
  | {
      readonly label: string;
      readonly icon?: string;
      readonly hint?: string;
      /** Given: the line can be switched, and is. */
      readonly checked?: boolean;
      readonly run: () => void;
    }
  | 'separator';

let open: { readonly element: HTMLElement; readonly close: (refocus: boolean) => void } | null = null;

/**
 * Opens a menu below an element; one at a time. Arrow keys, Home, End and first letters go through it, Escape and a click
 * elsewhere close it, and the focus goes back to where it was.
 */
export function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const wasMine = open?.element.dataset.anchor === anchor.id && anchor.id !== '';
  open?.close(false);
  if (wasMine) return;
  const before = document.activeElement;
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', label);
  menu.tabIndex = -1;
  menu.dataset.anchor = anchor.id;
  const buttons: HTMLButtonElement[] = [];
  const close = (refocus: boolean) => {
    if (open?.element !== menu) return;
    open = null;
    menu.remove();
    anchor.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', onOutside, true);
    window.removeEventListener('blur', onBlur);
    if (refocus && before instanceof HTMLElement) before.focus();
  };
  const onOutside = (event: Event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) close(false);
  };
  const onBlur = () => close(false);
  for (const item of items) {
    if (item === 'separator') {
      const line = document.createElement('div');
      line.className = 'menu-line';
      line.setAttribute('role', 'separator');
      menu.append(line);
      continue;
    }
    const button = document.createElement('button');
    button.className = 'menu-item';
    button.setAttribute('role', item.checked === undefined ? 'menuitem' : 'menuitemcheckbox');
    if (item.checked !== undefined) button.setAttribute('aria-checked', String(item.checked));
    const icon = document.createElement('i');
    icon.className = `codicon codicon-${item.checked === true ? 'check' : (item.icon ?? 'blank')}`;
    icon.setAttribute('aria-hidden', 'true');
    const words = document.createElement('span');
    words.textContent = item.label;
    button.append(icon, words);
    if (item.hint !== undefined) {
      const hint = document.createElement('span');
      hint.className = 'dim';
      hint.textContent = item.hint;
      button.append(hint);
    }
    button.tabIndex = -1;
    button.addEventListener('click', () => {
      close(true);
      item.run();
    });
    buttons.push(button);
    menu.append(button);
  }
  menu.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = nextOf(event.key, at, buttons);
    if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (next !== null) next.focus();
    else return;
    event.preventDefault();
  });
  document.body.append(menu);
  const from = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + 2 + size.height <= window.innerHeight;
  menu.style.left = `${Math.max(4, Math.min(from.right - size.width, window.innerWidth - size.width - 4))}px`;
  menu.style.top = `${below ? from.bottom + 2 : Math.max(4, from.top - size.height - 2)}px`;
  anchor.setAttribute('aria-expanded', 'true');
  open = { element: menu, close };
  document.addEventListener('pointerdown', onOutside, true);
  window.addEventListener('blur', onBlur);
  (buttons.find((button) => button.getAttribute('aria-checked') === 'true') ?? buttons[0] ?? menu).focus();
}

function nextOf(key: string, at: number, buttons: readonly HTMLButtonElement[]): HTMLButtonElement | null {
  const count = buttons.length;
  switch (key) {
    case 'ArrowDown':
      return buttons[(at + 1) % count] ?? null;
    case 'ArrowUp':
      return buttons[(at - 1 + count) % count] ?? null;
    case 'Home':
      return buttons[0] ?? null;
    case 'End':
      return buttons[count - 1] ?? null;
    default: {
      if (key.length !== 1 || key === ' ') return null;
      const after = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
      return (
        after.find((button) => button.textContent.trim().toLowerCase().startsWith(key.toLowerCase())) ?? null
      );
    }
  }
}
