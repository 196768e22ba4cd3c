/**
 * What a morph must not destroy. Navigation and live updates both turn the
 * current page into the server's new one by changing only what differs; here
 * is written down which state belongs to the person and stays.
 */
import htmx from 'htmx.org';
import { saidByList } from './combobox.ts';

type Morph = (old: Element, fragment: DocumentFragment, innerOnly: boolean) => void;

let morphNode: Morph;
let live = false;
let unsaved = new WeakSet<HTMLFormElement>();

/** Attributes that scripts set on elements of the server. */
function ownedByScript(element: Element, name: string): boolean {
  if (name === 'data-shown' || name === 'data-theme' || saidByList(element, name)) return true;
  if (name === 'data-folded') return true;
  if (name === 'style') return element.matches('iframe[data-mail]');
  if (name === 'aria-pressed' || name === 'aria-expanded')
    return element.matches('[data-toggle], [data-ed], [data-unfold]');
  if (name === 'hidden' && element.matches('[data-unfold], [data-below]')) return true;
  if (name === 'hidden') return live && element.matches('[data-ed-link], [data-draft-note]');
  if (name === 'open') return live && element.matches('dialog, details');
  return false;
}

/** What a live update leaves alone, children included. */
function inUse(element: Element): boolean {
  if (element.matches('[data-editor], [data-files-list], dialog[open], [popover]:popover-open')) return true;
  if (element.matches('textarea[hidden], input[type=hidden][name$=_format]')) return true;
  // The version that the editor shows: another one's text would be overwritten unseen.
  if (element.matches('[data-draft-url] input[type=hidden][name^=draft], .chips')) return true;
  return element instanceof HTMLFormElement && (unsaved.has(element) || element.contains(focused(element)));
}

/** The focused field of `form`; buttons do not count, they lose nothing. */
function focused(form: HTMLFormElement): Element | null {
  const active = document.activeElement;
  return active && form.contains(active) && !active.matches('button, a, [type=submit]') ? active : null;
}

export function startMorph(): void {
  document.addEventListener('input', ({ target }) => {
    const form = target instanceof Element ? target.closest('form') : null;
    if (form) unsaved.add(form);
  });
  htmx.registerExtension('kitt', {
    init: (api: { morph: Morph }) => (morphNode = api.morph),
    htmx_before_morph_attr: (element: Element, detail: { attrName: string }) =>
      !ownedByScript(element, detail.attrName),
    htmx_before_morph_node: (element: Element) => !(live && element instanceof Element && inUse(element)),
  });
}

/** After a navigation nothing on the page is unsaved. */
export function forgetUnsaved(): void {
  unsaved = new WeakSet();
}

/** What was typed into `form` is saved. */
export function forget(form: HTMLFormElement): void {
  unsaved.delete(form);
}

/** Turns `old` into `fresh` while someone may be working in it. */
export function updateInPlace(old: Element, fresh: Element): void {
  const fragment = document.createDocumentFragment();
  fragment.append(fresh);
  live = true;
  try {
    morphNode(old, fragment, false);
  } finally {
    live = false;
  }
  htmx.process(old);
}
