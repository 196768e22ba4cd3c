/**
 * Opening and closing native dialogs, and panels that can be folded away. The
 * browser keeps focus inside, closes on Esc and returns focus: nothing of that
 * is done again here.
 */
import { all, first, onPage, visible } from './dom.ts';

/** What is filled in; a switch of its own is a setting, not the dialog's purpose. */
const FIELD = 'textarea, select, [contenteditable=true], input:not([type=hidden], .k-switch)';

const OPEN_MENU = '[popover].menu:popover-open';

/** What is open belongs to the page that was there; a menu may be a part of the form that was sent. */
export function closeAll(): void {
  for (const open of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) open.close();
  for (const open of all(OPEN_MENU)) open.hidePopover();
}

export function openDialog(id: string): boolean {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) show(dialog);
  return true;
}

/** The browser would focus the button that closes; what a dialog is for is its first field. */
function show(dialog: HTMLDialogElement): void {
  dialog.showModal();
  // What is built when a dialog opens must be there before the next key is pressed.
  if (dialog.matches('[data-picker]')) {
    dialog.dispatchEvent(new Event('kitt:open', { bubbles: true }));
    return;
  }
  if (dialog.querySelector('[autofocus]')) return;
  const field = all(FIELD, dialog).find(visible) ?? withoutField(dialog);
  const group = field?.matches('[type=radio]')
    ? all(`[name="${CSS.escape(field.getAttribute('name') ?? '')}"]`, dialog)
    : [];
  (group.find((radio) => radio.matches(':checked')) ?? field)?.focus();
}

/** Where there is nothing to fill in: the first thing to choose, or the heading of what is only read. */
function withoutField(dialog: HTMLDialogElement): HTMLElement | undefined {
  const choice = all('.body :is(button, a[href]):not([data-close])', dialog).find(visible);
  const heading = first('h2', dialog);
  if (!choice && heading) heading.tabIndex = -1;
  return choice ?? heading ?? undefined;
}

function close(element: Element): void {
  const box = element.closest<HTMLElement>('dialog, [popover]');
  if (box instanceof HTMLDialogElement) box.close();
  else box?.hidePopover();
}

/** A click on the dialog itself, outside its box, is one on the backdrop. */
function onBackdrop(dialog: HTMLDialogElement, { clientX, clientY }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || right < clientX || clientY < top || bottom < clientY;
}

function toggle(button: HTMLElement): void {
  const panel = document.getElementById(button.dataset.toggle ?? '');
  if (!panel) return;
  const shown = !panel.checkVisibility();
  panel.dataset.shown = String(shown);
  button.setAttribute('aria-expanded', String(shown));
}

export function startDialogs(): void {
  document.addEventListener('click', (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const opener = target.closest<HTMLElement>('[data-open]');
    // A link keeps its address for those without the dialog.
    if (opener && openDialog(opener.dataset.open ?? '')) event.preventDefault();
    const button = target.closest<HTMLElement>('[data-toggle]');
    if (button) toggle(button);
    if (target.closest('[data-close]')) close(target);
    if (target instanceof HTMLDialogElement && onBackdrop(target, event)) target.close();
  });
  // What was chosen in a menu closes it; the next page may be the same one.
  document.addEventListener('submit', ({ target }) => {
    if (target instanceof Element) target.closest<HTMLElement>(OPEN_MENU)?.hidePopover();
  });
  // Before htmx sees the click: the link of an opener must not be followed.
  document.addEventListener(
    'htmx:config:request',
    (event) => {
      const source = (event as CustomEvent<{ ctx: { sourceElement: Element } }>).detail.ctx.sourceElement;
      const id = source instanceof HTMLElement ? source.dataset.open : undefined;
      if (id && first(`dialog#${CSS.escape(id)}`)) event.preventDefault();
    },
    true,
  );
  onPage(() => {
    // A link from elsewhere can lead into a dialog.
    const called = location.hash.slice(1);
    if (called && openDialog(called))
      history.replaceState(history.state, '', location.pathname + location.search);
    for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[data-show]')) {
      if (dialog.open) dialog.close();
      show(dialog);
      dialog.removeAttribute('data-show');
    }
  });
}
