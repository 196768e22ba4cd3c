/**
 * Recipients as chips: `input[data-chips]` holds `Name <address>, address`, as the server reads it. What is typed is
 * proposed from this case, customers and colleagues; what is no address is marked and kept, never dropped.
 */
import { all, fill, onPage } from './dom.ts';
import { Asking, Combobox, items, line } from './combobox.ts';

type Proposal = { name: string; address: string; kind: string };

const boxes = new WeakMap<HTMLInputElement, Chips>();

/** The address within `Name <address>`. */
const addressOf = (entry: string): string => /<([^<>]*)>\s*$/.exec(entry)?.[1]?.trim() ?? entry.trim();

/** As the server reads it. */
const entryOf = ({ name, address }: Proposal): string =>
  name ? `${name.replace(/[<>,;"]/g, ' ').trim()} <${address}>` : address;

const isAddress = (text: string): boolean => /^[^\s@<>,;"()]+@[^\s@<>,;"()]+$/.test(text);

/** The entries of a list; commas within quotation marks belong to a name. */
const entries = (text: string): string[] =>
  (text.match(/(?:"[^"]*"|[^,;\n"])+/g) ?? []).map((part) => part.trim()).filter(Boolean);

class Chips {
  private readonly box = document.createElement('div');
  private readonly typed: HTMLInputElement;
  private readonly proposals: Combobox<Proposal>;
  private readonly asking: Asking<Proposal[]>;
  private written = '';

  constructor(private readonly input: HTMLInputElement) {
    this.typed = document.createElement('input');
    this.typed.type = 'text';
    this.typed.autocomplete = 'off';
    this.typed.dataset.chipsFor = input.name;
    this.typed.setAttribute('aria-label', input.labels?.[0]?.textContent?.trim() ?? '');
    this.box.className = 'k-in chips';
    this.box.append(this.typed);
    input.after(this.box);
    // A dialog that came with the page has put the focus here already.
    const focused = document.activeElement === input;
    input.hidden = true;
    if (focused) this.typed.focus();
    // A hidden required field could not be pointed at; the server checks.
    input.required = false;
    this.proposals = new Combobox<Proposal>(this.typed, {
      row: ({ name, address }) => line(name || address, name ? address : ''),
      take: (proposal) => this.add(entryOf(proposal)),
      name: () => this.typed.getAttribute('aria-label') ?? '',
      tab: true,
      asking: () => this.asking,
    });
    this.asking = new Asking(
      () => items<Proposal>(input.dataset.suggest ?? '', this.typed.value.trim()),
      (found) => this.proposals.show(found),
    );
    this.listen();
    this.show();
  }

  private listen(): void {
    const { typed } = this;
    typed.addEventListener('input', (event) => {
      event.stopPropagation();
      if (/[,;\n]/.test(typed.value)) this.finish();
      else this.asking.later();
    });
    typed.addEventListener('keydown', (event) => {
      if (this.proposals.key(event)) return;
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        // Half an address is about to be proposed whole; nobody is written to who was not seen.
        if (this.asking.busy && !this.isWhole()) void this.asking.now();
        else this.finish();
      } else if (event.key === 'Backspace' && !typed.value) this.set(this.list().slice(0, -1));
    });
    typed.addEventListener('blur', () => this.finish());
    this.box.addEventListener('click', ({ target }) => target === this.box && typed.focus());
    this.input.addEventListener('kitt:value', () => this.show());
  }

  focus(): void {
    this.typed.focus();
  }

  /** Whether the chips show what the field holds: a morph may have changed it. */
  refresh(): void {
    if (!this.box.isConnected) this.input.after(this.box);
    const focused = document.activeElement === this.input;
    this.input.hidden = true;
    if (focused) this.typed.focus();
    if (this.written !== this.input.value) this.show();
  }

  private list(): string[] {
    return entries(this.input.value);
  }

  /** Whether what is typed needs no proposal. */
  private isWhole(): boolean {
    return entries(this.typed.value).every((entry) => isAddress(addressOf(entry)));
  }

  add(entry: string): void {
    this.clear();
    const address = addressOf(entry).toLowerCase();
    const known = this.list().some((other) => addressOf(other).toLowerCase() === address);
    this.set(known ? this.list() : [...this.list(), entry]);
  }

  /** What is typed becomes a chip. */
  finish(): void {
    const typed = entries(this.typed.value);
    this.clear();
    if (typed.length) this.set([...this.list(), ...typed]);
  }

  /** Nothing is being typed any more. */
  private clear(): void {
    this.typed.value = '';
    this.asking.drop();
    this.proposals.close();
  }

  set(list: string[]): void {
    this.input.value = list.join(', ');
    this.show();
    // Tells that the form has unsaved input.
    this.input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private show(): void {
    this.written = this.input.value;
    for (const old of all('.chip, .err', this.box)) old.remove();
    const list = this.list();
    const wrong = list.filter((entry) => !isAddress(addressOf(entry)));
    this.typed.before(
      ...list.map((entry, index) => this.chip(entry, () => this.set(list.toSpliced(index, 1)))),
    );
    this.typed.toggleAttribute('aria-invalid', wrong.length > 0);
    if (!wrong.length) return;
    const note = document.createElement('small');
    note.className = 'err';
    note.textContent = this.input.dataset.sayWrong ?? '';
    this.box.append(note);
  }

  private chip(entry: string, remove: () => void): HTMLElement {
    const chip = document.createElement('span');
    chip.className = 'k-tag chip';
    chip.title = entry;
    chip.classList.toggle('wrong', !isAddress(addressOf(entry)));
    const name = document.createElement('span');
    name.className = 'clip';
    name.textContent = entry.replace(/\s*<[^<>]*>\s*$/, '') || addressOf(entry);
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: '×' });
    button.setAttribute('aria-label', fill(this.input.dataset.sayRemove ?? '{name}', { name: entry }));
    button.addEventListener('click', () => {
      remove();
      this.typed.focus();
    });
    chip.append(name, button);
    return chip;
  }
}

const chipsOf = (id: string | undefined): Chips | undefined => {
  const input = id ? document.getElementById(id) : null;
  return input instanceof HTMLInputElement ? boxes.get(input) : undefined;
};

function click({ target }: Event): void {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-chips-value]') : null;
  if (!button) return;
  const values = entries(button.dataset.chipsValue ?? '');
  const added = chipsOf(button.dataset.chipsAdd);
  chipsOf(button.dataset.chipsSet)?.set(values);
  for (const value of values) added?.add(value);
  if (added && button.dataset.chipsAdd)
    document.getElementById(button.dataset.chipsAdd)?.closest('details')?.setAttribute('open', '');
  if (button.dataset.thenFocus) document.getElementById(button.dataset.thenFocus)?.focus();
}

export function startRecipients(): void {
  document.addEventListener('click', click);
  // Opened by its key, the copies are there to be written in.
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || !target.open || !target.matches('.ed-cc')) return;
      const input = target.querySelector<HTMLInputElement>('input[data-chips]');
      if (input && document.activeElement === target.querySelector('summary')) boxes.get(input)?.focus();
    },
    true,
  );
  // Sent by a key from within the field, what is typed in it counts, too.
  document.addEventListener(
    'submit',
    ({ target }) => {
      if (!(target instanceof HTMLFormElement)) return;
      for (const input of target.querySelectorAll<HTMLInputElement>('input[data-chips]'))
        boxes.get(input)?.finish();
    },
    true,
  );
  document.addEventListener('reset', ({ target }) => {
    if (!(target instanceof HTMLFormElement)) return;
    setTimeout(() => {
      for (const input of target.querySelectorAll<HTMLInputElement>('input[data-chips]'))
        boxes.get(input)?.refresh();
    });
  });
  onPage(() => {
    for (const input of document.querySelectorAll<HTMLInputElement>('input[data-chips]')) {
      const known = boxes.get(input);
      if (known) known.refresh();
      else boxes.set(input, new Chips(input));
    }
  });
}
