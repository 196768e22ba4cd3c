/**
 * The fields of a case: each is a form of its own and is saved as soon as it
 * was changed, one after the other, while one types on in the next one. What
 * the server refuses is said at the field, and what was typed stays.
 */
import htmx from 'htmx.org';
import { all, first, pageChanged, visible } from './dom.ts';
import { forget, updateInPlace } from './morph.ts';
import { reachable, unreachable } from './offline.ts';
import { showRefused, unmark } from './refused.ts';

const CONFLICT = 409;

const queue: HTMLFormElement[] = [];
let working = false;

/** What the form says now, to see whether it changed while it was saved. */
const content = (form: HTMLFormElement): string => {
  const data = new FormData(form);
  data.delete('seen');
  return new URLSearchParams([...data].map(([name, value]) => [name, String(value)])).toString();
};

/** What is on its way to the server. */
const underway = new WeakMap<HTMLFormElement, string>();

function changed(form: HTMLFormElement): void {
  // Enter is a change and a submit: sent twice, the second would not have seen what the first was told.
  if (underway.get(form) === content(form)) return;
  if (!queue.includes(form)) queue.push(form);
  if (!working) void work();
}

async function work(): Promise<void> {
  working = true;
  for (let form = queue.shift(); form; form = queue.shift()) {
    if (form.isConnected) await save(form).catch(unreachable);
    underway.delete(form);
  }
  working = false;
}

async function save(form: HTMLFormElement): Promise<void> {
  const sent = content(form);
  underway.set(form, sent);
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const response = await fetch(form.action, {
    method: 'POST',
    body,
    headers: { Accept: 'text/html', 'HX-Request': 'true' },
  });
  reachable();
  const html = await response.text();
  if (!response.ok) {
    showRefused(form, html);
    // Somebody else was faster and it was said what they wrote: whoever saves again has seen it.
    const seen = form.querySelector<HTMLInputElement>('input[name=seen]');
    if (seen) seen.disabled = response.status === CONFLICT;
    return;
  }
  const page = new DOMParser().parseFromString(html, 'text/html');
  const fresh = page.getElementById(form.id);
  if (fresh instanceof HTMLFormElement) adopt(form, fresh, content(form) === sent);
  show(form, page);
}

/** Takes what the server stored; what was typed meanwhile stays and is saved next. */
function adopt(form: HTMLFormElement, fresh: HTMLFormElement, unchanged: boolean): void {
  for (const field of all('[data-refused-note]', form)) unmark(field);
  const seen = form.querySelector<HTMLInputElement>('input[name=seen]');
  const now = fresh.querySelector<HTMLInputElement>('input[name=seen]');
  if (seen && now) {
    seen.disabled = false;
    seen.setAttribute('value', now.defaultValue);
  }
  if (!unchanged) return;
  forget(form);
  for (const control of form.elements) {
    const other = control.id ? fresh.querySelector(`#${CSS.escape(control.id)}`) : null;
    if (control instanceof HTMLInputElement && other instanceof HTMLInputElement)
      control.defaultValue = other.defaultValue;
    if (control instanceof HTMLTextAreaElement && other instanceof HTMLTextAreaElement)
      control.defaultValue = other.defaultValue;
    if (control instanceof HTMLInputElement && control.type === 'checkbox')
      control.defaultChecked = control.checked;
    if (control instanceof HTMLSelectElement)
      for (const option of control.options) option.defaultSelected = option.selected;
  }
  // Only a field that nobody typed into shows what others write there.
  form.reset();
}

/** Shows what the saved page says: the other fields, the head of the case, and the way back. */
function show(form: HTMLFormElement, page: Document): void {
  const own = form.closest('[data-live]');
  const fresh = own && page.getElementById(own.id);
  // Somebody was logged out meanwhile: the next click asks for a login.
  if (!own || !fresh) return;
  updateInPlace(own, fresh);
  first('#toast')?.remove();
  const toast = page.getElementById('toast');
  if (toast) {
    document.body.append(toast);
    htmx.process(toast);
  }
  pageChanged();
}

/** Goes to the first field; the file may be folded away. */
function enter(id: string): void {
  const fields = (): HTMLElement | undefined =>
    all(
      '[data-own-field] :is(input:not([type=hidden]), select, textarea, summary)',
      document.getElementById(id) ?? document,
    ).find(visible);
  if (!fields()) first('[data-toggle=file]')?.click();
  fields()?.focus();
}

export function startOwnFields(): void {
  document.addEventListener('change', ({ target }) => {
    const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-own-field]') : null;
    if (form) changed(form);
  });
  // Before htmx sends it as a page: Enter saves in place, like leaving the field.
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.matches('[data-own-field]')) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      changed(form);
    },
    true,
  );
  document.addEventListener('click', ({ target }) => {
    const opener = target instanceof Element ? target.closest<HTMLElement>('[data-own-fields]') : null;
    if (opener) enter(opener.dataset.ownFields ?? '');
  });
}
