/**
 * Fields that name a case or a customer: what fits is offered while one types
 * (ARIA combobox with listbox). `data-pick` is where to ask. The choice stands
 * in the field itself, or as an id in the hidden field that `data-pick-into`
 * names; `data-pick-with` names a field whose value is sent along. Without
 * script the field takes a number as it is typed.
 */
import { all, first } from './dom.ts';

type Item = {
  id?: number;
  number?: string;
  subject?: string;
  name?: string;
  detail?: string;
  customer?: string;
};

const WAIT_MS = 120;

let timer: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

const boxOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof HTMLInputElement && target.type !== 'hidden' ? target.closest('[data-pick]') : null;

const hidden = (box: HTMLElement): HTMLInputElement | null =>
  box.querySelector<HTMLInputElement>(`input[type=hidden][name="${CSS.escape(box.dataset.pickInto ?? '')}"]`);

const listOf = (box: HTMLElement): HTMLElement | null => first('[role=listbox]', box);

function shut(box: HTMLElement): void {
  listOf(box)?.remove();
  for (const input of all('[role=combobox]', box)) {
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }
}

async function ask(box: HTMLElement, input: HTMLInputElement): Promise<void> {
  const url = new URL(box.dataset.pick ?? '', location.href);
  url.searchParams.set('q', input.value.trim());
  const name = box.dataset.pickWith ?? '';
  const along = input.form?.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)?.value;
  if (along) url.searchParams.set(name, along);
  if (!input.value.trim() && !along) return shut(box);
  const ask = ++asked;
  const response = await fetch(url, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (!response?.ok || ask !== asked || document.activeElement !== input) return;
  const { items } = (await response.json()) as { items: Item[] };
  show(box, input, items);
}

function show(box: HTMLElement, input: HTMLInputElement, items: Item[]): void {
  shut(box);
  if (!items.length) return;
  const list = document.createElement('div');
  list.className = 'k-options';
  list.id = `${input.id}-options`;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', first('label', box)?.textContent ?? '');
  items.forEach((item, index) => list.append(option(item, `${list.id}-${index}`)));
  input.after(list);
  input.setAttribute('aria-expanded', 'true');
  input.setAttribute('aria-controls', list.id);
  mark(box, input, 0);
}

function option(item: Item, id: string): HTMLElement {
  const element = document.createElement('div');
  element.id = id;
  element.setAttribute('role', 'option');
  element.dataset.value = String(item.number ?? item.id ?? '');
  element.dataset.title = item.name ?? item.number ?? '';
  element.dataset.customer = item.customer ?? '';
  element.textContent = item.subject ?? item.name ?? '';
  const more = document.createElement('small');
  more.textContent = [item.number, item.customer, item.detail].filter(Boolean).join(' · ');
  element.append(more);
  return element;
}

function mark(box: HTMLElement, input: HTMLInputElement, index: number): void {
  const options = all('[role=option]', box);
  const at = (index + options.length) % (options.length || 1);
  options.forEach((one, i) => one.setAttribute('aria-selected', String(i === at)));
  options[at]?.scrollIntoView({ block: 'nearest' });
  if (options[at]) input.setAttribute('aria-activedescendant', options[at].id);
}

function choose(box: HTMLElement, input: HTMLInputElement, chosen: HTMLElement): void {
  const { value = '', title = '', customer = '' } = chosen.dataset;
  const into = hidden(box);
  input.value = title;
  if (into) {
    into.value = value;
    into.dispatchEvent(new Event('change', { bubbles: true }));
  } else input.value = value;
  const other = first('[data-pick-other]', box);
  if (other) other.hidden = !customer || customer === box.dataset.pickOwn;
  shut(box);
}

function key(event: KeyboardEvent, box: HTMLElement, input: HTMLInputElement): void {
  const options = all('[role=option]', box);
  if (!options.length) return;
  const at = options.findIndex((one) => one.getAttribute('aria-selected') === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(box, input, at + step);
  else if (event.key === 'Enter' && options[at]) choose(box, input, options[at]);
  else if (event.key === 'Escape') shut(box);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function startPick(): void {
  document.addEventListener('focusin', ({ target }) => {
    const box = boxOf(target);
    const input = target as HTMLInputElement;
    if (!box) return;
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    if (box.dataset.pickWith) void ask(box, input);
  });
  document.addEventListener('focusout', ({ target }) => {
    const box = boxOf(target);
    // A press on an option comes first.
    if (box) setTimeout(() => box.contains(document.activeElement) || shut(box), 150);
  });
  document.addEventListener('input', ({ target }) => {
    const box = boxOf(target);
    if (!box) return;
    const into = hidden(box);
    if (into) into.value = '';
    clearTimeout(timer);
    timer = setTimeout(() => void ask(box, target as HTMLInputElement), WAIT_MS);
  });
  document.addEventListener(
    'keydown',
    (event) => {
      const box = boxOf(event.target);
      if (box) key(event, box, event.target as HTMLInputElement);
    },
    true,
  );
  document.addEventListener('mousedown', (event) => {
    const chosen =
      event.target instanceof Element ? event.target.closest<HTMLElement>('.k-options [role=option]') : null;
    const box = chosen?.closest<HTMLElement>('[data-pick]');
    const input = box?.querySelector<HTMLInputElement>('[role=combobox]');
    if (!chosen || !box || !input) return;
    event.preventDefault();
    choose(box, input, chosen);
  });
}
