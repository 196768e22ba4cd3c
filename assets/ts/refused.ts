/**
 * What the server refused, said where it was typed. A refused change answers
 * with a page of its own; here only its words are taken, so that the page, the
 * open dialog and everything written stay as they are.
 */
import { all, first, toast, visible } from './dom.ts';

const TYPED = 'textarea, select, input:not([type=hidden], [type=submit], [type=button])';
/** Of an answer on a case in which something new was said: whoever sends again has seen it. */
const SEEN = 'seen';

const noteOf = (field: Element): HTMLElement | null =>
  first(`#${CSS.escape(field.getAttribute('data-refused-note') ?? '-')}`);

/** Says below `field` what is wrong with it. */
export function mark(field: HTMLElement, text: string): void {
  unmark(field);
  const note = document.createElement('small');
  note.className = 'err';
  note.id = `${field.id || field.getAttribute('name') || 'form'}-refused`;
  note.setAttribute('role', 'alert');
  note.textContent = text;
  field.setAttribute('aria-invalid', 'true');
  field.dataset.refusedNote = note.id;
  const described = field.getAttribute('aria-describedby');
  field.setAttribute('aria-describedby', described ? `${described} ${note.id}` : note.id);
  field.after(note);
}

/** Takes back what [`mark`] said. */
export function unmark(field: HTMLElement): void {
  const note = noteOf(field);
  if (!note) return;
  const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id !== note.id);
  if (described.length) field.setAttribute('aria-describedby', described.join(' '));
  else field.removeAttribute('aria-describedby');
  field.removeAttribute('aria-invalid');
  delete field.dataset.refusedNote;
  note.remove();
}

/** The field called `name` that a person sees: the editor instead of the text area it stands for. */
function fieldOf(form: HTMLFormElement, name: string): HTMLElement | null {
  const named = ['data-editor', 'data-chips-for', 'name'].map((by) => `[${by}="${CSS.escape(name)}"]`);
  const fields = named
    .flatMap((selector) => all(selector, form))
    .filter((one) => !one.matches('button, [type=radio], [type=checkbox]'));
  return fields.find(visible) ?? null;
}

/** The field of the case that the house calls `name`, wherever on the page it is. */
function ownField(name: string): HTMLElement | null {
  const form = first(`form[data-own-field="${CSS.escape(name)}"]`);
  if (form && !visible(form)) first('[data-toggle=file]')?.click();
  for (const folded of form?.querySelectorAll('details') ?? []) folded.open = true;
  const fields = form ? all('textarea, select, summary, input:not([type=hidden])', form) : [];
  return fields.find(visible) ?? null;
}

/** Says at the head of `form` what belongs to none of its fields. */
function say(form: HTMLFormElement, texts: string[]): void {
  const asks = all(`${TYPED}, [contenteditable]`, form).some(visible);
  if (!asks && !form.closest('dialog[open]')) {
    toast(texts.join(' '));
    return;
  }
  const note = document.createElement('p');
  note.className = 'err refused';
  note.setAttribute('role', 'alert');
  note.textContent = texts.join(' ');
  (first('.body', form) ?? form).prepend(note);
}

/** Shows a refusal in the form that was sent; false if `html` is none. */
export function showRefused(form: HTMLFormElement, html: string): boolean {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const answer = first('[data-refused]', page) ?? (first('[data-field]', page) && page.body);
  if (!answer) return false;
  for (const note of all('.refused', form)) note.remove();
  for (const field of all('[data-refused-note]', form)) unmark(field);
  const items = all('[data-field]', answer);
  const rest = items.length ? [] : [answer.dataset.refused ?? ''];
  const marked: HTMLElement[] = [];
  for (const item of items) {
    const text = (item.textContent ?? '').trim();
    const name = item.dataset.field ?? '';
    const field = fieldOf(form, name) ?? ownField(name);
    if (field) {
      mark(field, text);
      marked.push(field);
    } else rest.push(text);
    const seen = form.querySelector<HTMLInputElement>(`input[type=hidden][name=${SEEN}]`);
    if (name === SEEN && seen) seen.value = '';
  }
  if (rest.length) say(form, rest);
  marked[0]?.focus();
  return true;
}

export function startRefused(): void {
  document.addEventListener('input', ({ target }) => {
    // An editor reports more than typing; it takes its note back itself.
    if (target instanceof HTMLElement && !target.isContentEditable) unmark(target);
  });
}
