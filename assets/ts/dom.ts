/**
 * Small helpers that every module uses: finding, speaking, the server's clock,
 * and the one place where modules learn that the page has changed.
 */

export const all = (selector: string, root: ParentNode = document): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>(selector),
];

export const first = (selector: string, root: ParentNode = document): HTMLElement | null =>
  root.querySelector<HTMLElement>(selector);

/** Whether a person can see and use it: not hidden by script, style or a closed dialog. */
export const visible = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });

const TYPED =
  'textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])';

/** Whether keys pressed on `target` are text. A field in a dialog just closed still has focus for a moment. */
export const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPED)) && visible(target);

/** Fills `{name}` in a text that came from the server. */
export const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** The text of a data attribute on `element` or the nearest ancestor that carries it. */
export const word = (element: Element, attribute: string): string =>
  element.closest(`[${attribute}]`)?.getAttribute(attribute) ?? '';

/** Speaks to screen readers without moving focus. */
export function announce(text: string): void {
  const region = first('#announce');
  if (!region || !text) return;
  region.textContent = '';
  // An empty moment in between makes the same sentence audible twice.
  setTimeout(() => (region.textContent = text), 50);
}

/** A short message at the bottom of the page, in the server's words. */
export function toast(text: string): void {
  if (!text) return;
  first('#toast-script')?.remove();
  const box = document.createElement('div');
  box.className = 'k-toast';
  box.id = 'toast-script';
  box.setAttribute('role', 'alert');
  box.textContent = text;
  document.body.append(box);
  setTimeout(() => box.remove(), 8000);
}

let skew = 0;
let stamped = '';

/** The server's time in epoch milliseconds, as far as this browser can tell. */
export function now(): number {
  const stamp = document.body.dataset.now ?? '';
  if (stamp && stamp !== stamped) {
    stamped = stamp;
    skew = Number(stamp) - Date.now();
    // A page takes moments to arrive: only real differences count.
    if (Math.abs(skew) < 2000) skew = 0;
  }
  return Date.now() + skew;
}

const listeners: (() => void)[] = [];

/** Runs `listener` now, and again whenever the page was swapped or updated. */
export function onPage(listener: () => void): void {
  listeners.push(listener);
  listener();
}

/** Tells all modules that the page has changed. */
export function pageChanged(): void {
  for (const listener of listeners) listener();
}
