/**
 * Fields that name a case or a customer: what fits is offered while one types
 * (ARIA combobox with listbox). `data-pick` is where to ask. The choice stands
 * in the field itself, or as an id in the hidden field that `data-pick-into`
 * names; `data-pick-with` names a field whose value is sent along, `data-pick-not` the case that is open. Without
 * script the field takes a number as it is typed.
 */
import { Asking, Combobox, items } from './combobox.ts';
import { first } from './dom.ts';

type Item = {
  id?: number;
  number?: string;
  subject?: string;
  name?: string;
  detail?: string;
  customer?: string;
};

type Pick = { list: Combobox<Item>; asking: Asking<Item[]> };

const picks = new WeakMap<HTMLInputElement, Pick>();

const boxOf = (input: HTMLInputElement): HTMLElement | null =>
  input.type === 'hidden' ? null : input.closest<HTMLElement>('[data-pick]');

const hidden = (box: HTMLElement): HTMLInputElement | null =>
  box.querySelector<HTMLInputElement>(`input[type=hidden][name="${CSS.escape(box.dataset.pickInto ?? '')}"]`);

/** The value that is sent along, of the field that the box names. */
function along(box: HTMLElement, input: HTMLInputElement): Record<string, string> {
  const name = box.dataset.pickWith ?? '';
  const value = input.form?.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)?.value;
  return name && value ? { [name]: value } : {};
}

function row({ subject, name, number, customer, detail }: Item): (Node | string)[] {
  const more = document.createElement('small');
  more.textContent = [number, customer, detail].filter(Boolean).join(' · ');
  return [subject ?? name ?? '', more];
}

function take(box: HTMLElement, input: HTMLInputElement, item: Item): void {
  const value = String(item.number ?? item.id ?? '');
  const into = hidden(box);
  input.value = into ? (item.name ?? item.number ?? '') : value;
  if (into) {
    into.value = value;
    into.dispatchEvent(new Event('change', { bubbles: true }));
  }
  const other = first('[data-pick-other]', box);
  if (other) other.hidden = !item.customer || item.customer === box.dataset.pickOwn;
}

function attach(box: HTMLElement, input: HTMLInputElement): Pick {
  const list = new Combobox<Item>(input, {
    row,
    take: (item) => take(box, input, item),
    name: () => first('label', box)?.textContent ?? '',
    asking: () => asking,
  });
  const asking = new Asking(
    async () => {
      const [typed, with_] = [input.value.trim(), along(box, input)];
      if (!typed && !Object.keys(with_).length) return [];
      return items<Item>(box.dataset.pick ?? '', typed, with_);
    },
    (found) => list.show(found.filter(({ number }) => !number || number !== box.dataset.pickNot)),
  );
  input.addEventListener('keydown', (event) => {
    if (list.key(event)) return;
    // The form would be sent without what is about to be offered.
    if (event.key === 'Enter' && asking.busy && hidden(box)) event.preventDefault();
  });
  input.addEventListener('input', () => {
    const into = hidden(box);
    if (into) into.value = '';
    asking.later();
  });
  return { list, asking };
}

export function startPick(): void {
  document.addEventListener('focusin', ({ target }) => {
    const input = target instanceof HTMLInputElement ? target : null;
    const box = input && boxOf(input);
    if (!input || !box) return;
    const pick = picks.get(input) ?? attach(box, input);
    picks.set(input, pick);
    if (box.dataset.pickWith) void pick.asking.now();
  });
}
