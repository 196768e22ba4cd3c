/**
 * A list of proposals below a field (ARIA combobox with listbox): arrows choose, Enter or Tab takes, Escape closes.
 * Where it asks and what it does with the choice is the caller's.
 */
export type Choice = { title: string; detail: string };

export class Suggestions<T extends Choice> {
  private readonly list: HTMLElement;
  private items: T[] = [];
  private active = 0;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly field: HTMLElement,
    private readonly ask: (typed: string) => Promise<T[]>,
    private readonly take: (item: T) => void,
  ) {
    this.list = document.createElement('div');
    this.list.className = 'k-pop suggest';
    this.list.id = `suggest-${Math.random().toString(36).slice(2)}`;
    this.list.setAttribute('role', 'listbox');
    this.list.hidden = true;
    // A field of many lines stays what it is: it only proposes.
    if (field instanceof HTMLInputElement) field.setAttribute('role', 'combobox');
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', this.list.id);
    if (field instanceof HTMLInputElement) field.setAttribute('aria-expanded', 'false');
    this.list.setAttribute('aria-label', field.getAttribute('aria-label') ?? '');
    field.after(this.list);
    field.addEventListener('blur', () => setTimeout(() => this.close(), 150));
  }

  get open(): boolean {
    return !this.list.hidden;
  }

  /** Looks for what was typed; a slow answer to an older question is dropped. */
  look(typed: string): void {
    clearTimeout(this.timer);
    const ask = ++this.asked;
    this.timer = setTimeout(() => {
      this.ask(typed).then(
        (items) => ask === this.asked && this.show(items),
        () => undefined,
      );
    }, 120);
  }

  close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    if (this.field instanceof HTMLInputElement) this.field.setAttribute('aria-expanded', 'false');
    this.field.removeAttribute('aria-activedescendant');
  }

  /** True if the key was for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark((this.active + step + this.items.length) % this.items.length);
    else if (event.key === 'Enter' || event.key === 'Tab') this.choose(this.active);
    else if (event.key === 'Escape') this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  private show(items: T[]): void {
    this.items = items;
    if (!items.length) return this.close();
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.list.hidden = false;
    if (this.field instanceof HTMLInputElement) this.field.setAttribute('aria-expanded', 'true');
    this.mark(0);
  }

  private option(item: T, index: number): HTMLElement {
    const option = document.createElement('div');
    option.id = `${this.list.id}-${index}`;
    option.className = 'o';
    option.setAttribute('role', 'option');
    const title = Object.assign(document.createElement('b'), { textContent: item.title });
    const detail = Object.assign(document.createElement('span'), {
      textContent: item.detail ? ` ${item.detail}` : '',
      className: 'mut',
    });
    option.append(title, detail);
    // Before the field loses focus and the list with it.
    option.addEventListener('mousedown', (event) => {
      event.preventDefault();
      this.choose(index);
    });
    return option;
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((option, at) => {
      option.setAttribute('aria-selected', String(at === index));
      option.classList.toggle('on', at === index);
    });
    this.field.setAttribute('aria-activedescendant', `${this.list.id}-${index}`);
  }

  private choose(index: number): void {
    const item = this.items[index];
    this.close();
    if (item) this.take(item);
  }
}

/** The items of a JSON answer; nothing if it could not be had. */
export async function items<T>(url: string, typed: string): Promise<T[]> {
  const address = new URL(url, location.href);
  address.searchParams.set('q', typed);
  const response = await fetch(address, { headers: { Accept: 'application/json' } });
  return response.ok ? ((await response.json()) as { items: T[] }).items : [];
}
