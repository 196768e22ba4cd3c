/**
 * The search box offers what could come next: operators, their values and names
 * from the server, and what was searched last (ARIA combobox with listbox).
 * Enter without a chosen offer searches as typed.
 */
import { onPage } from './dom.ts';
import { recent, remember } from './recent.ts';

type Offer = { text: string; label: string; detail: string };

class SearchBox {
  private readonly list = document.createElement('div');
  private offers: Offer[] = [];
  private active = -1;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly input: HTMLInputElement) {
    this.list.className = 's-list';
    this.list.id = `${input.id}-list`;
    this.list.hidden = true;
    this.list.setAttribute('role', 'listbox');
    input.after(this.list);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', this.list.id);
    this.close();
    input.addEventListener('input', () => this.typed());
    input.addEventListener('click', () => this.typed());
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('blur', () => this.close());
    input.form?.addEventListener('submit', () => this.keep());
    this.keep();
  }

  private keep(): void {
    const typed = this.input.value.trim();
    if (typed) remember<string>('search', typed, (other) => other === typed);
    this.close();
  }

  private typed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), 120);
  }

  private async ask(): Promise<void> {
    const ask = ++this.asked;
    const typed = this.input.value;
    const offers = typed.trim() ? await this.fetchOffers(typed).catch(() => []) : [];
    // A slow answer to an older question must not replace a newer one.
    if (ask !== this.asked || document.activeElement !== this.input) return;
    const begun = typed.trim().toLowerCase();
    const old = recent<string>('search')
      .filter((text) => text !== typed.trim() && text.toLowerCase().startsWith(begun))
      .slice(0, begun ? 3 : 6)
      .map((text) => ({ text, label: text, detail: this.input.dataset.recent ?? '' }));
    this.show([...offers, ...old]);
  }

  private async fetchOffers(typed: string): Promise<Offer[]> {
    const url = new URL(this.input.dataset.suggest ?? '', location.href);
    url.searchParams.set('q', typed);
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    return response.ok ? ((await response.json()) as { items: Offer[] }).items : [];
  }

  private show(offers: Offer[]): void {
    this.offers = offers;
    this.active = -1;
    this.list.setAttribute('aria-label', this.input.dataset.suggested ?? '');
    this.list.replaceChildren(...offers.map((offer, index) => this.option(offer, index)));
    this.list.hidden = !offers.length;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.mark();
  }

  private option(offer: Offer, index: number): HTMLElement {
    const option = document.createElement('div');
    option.id = `${this.list.id}-${index}`;
    option.setAttribute('role', 'option');
    const label = Object.assign(document.createElement('b'), { textContent: offer.label });
    const detail = Object.assign(document.createElement('span'), {
      className: 'mut clip',
      textContent: offer.detail,
    });
    option.append(label, detail);
    // Before the field loses focus, which closes the list.
    option.addEventListener('mousedown', (event) => {
      event.preventDefault();
      this.choose(index);
    });
    return option;
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.list.hidden) {
      event.preventDefault();
      this.typed();
    } else if (step) {
      event.preventDefault();
      // One place more than there are offers: that of what was typed.
      const places = this.offers.length + 1;
      this.active = ((this.active + 1 + step + places) % places) - 1;
      this.mark();
    } else if (event.key === 'Enter' && 0 <= this.active) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === 'Escape' && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  private mark(): void {
    [...this.list.children].forEach((option, index) =>
      option.setAttribute('aria-selected', String(index === this.active)),
    );
    const chosen = this.list.children[this.active];
    if (chosen) this.input.setAttribute('aria-activedescendant', chosen.id);
    else this.input.removeAttribute('aria-activedescendant');
  }

  private choose(index: number): void {
    const offer = this.offers[index];
    if (!offer) return;
    this.input.value = offer.text;
    this.close();
    this.input.focus();
    // An operator wants its value next.
    if (offer.text.endsWith(':')) this.typed();
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked++;
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}

export function startSearch(): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    for (const input of document.querySelectorAll<HTMLInputElement>('input[data-suggest]')) {
      if (known.has(input)) continue;
      known.add(input);
      new SearchBox(input);
    }
  });
}
