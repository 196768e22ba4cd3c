/**
 * The search box offers what could come next: operators, their values and names
 * from the server, and what was searched last (ARIA combobox with listbox).
 * Enter without a chosen offer searches as typed.
 */
import { Asking, Combobox, items, line } from './combobox.ts';
import { onPage } from './dom.ts';
import { recent, remember } from './recent.ts';

type Offer = { text: string; label: string; detail: string };

class SearchBox {
  private readonly offers: Combobox<Offer>;
  private readonly asking: Asking<Offer[]>;

  constructor(private readonly input: HTMLInputElement) {
    this.offers = new Combobox<Offer>(input, {
      row: ({ label, detail }) => line(label, detail, 'mut clip'),
      take: (offer) => this.take(offer),
      name: () => input.dataset.suggested ?? '',
      free: true,
      asking: () => this.asking,
    });
    this.asking = new Asking(
      () => this.ask(),
      (offers) => this.offers.show(offers),
    );
    input.addEventListener('input', () => {
      // Enter means what is typed, not what was marked before.
      this.offers.unmark();
      this.asking.later();
    });
    input.addEventListener('click', () => this.asking.later());
    input.addEventListener('keydown', (event) => this.key(event));
    input.form?.addEventListener('submit', () => this.keep());
    this.keep();
  }

  private keep(): void {
    const typed = this.input.value.trim();
    if (typed) remember<string>('search', typed, (other) => other === typed);
    this.asking.drop();
    this.offers.close();
  }

  private async ask(): Promise<Offer[]> {
    const typed = this.input.value;
    const url = this.input.dataset.suggest ?? '';
    const offers = typed.trim() ? await items<Offer>(url, typed).catch(() => []) : [];
    const begun = typed.trim().toLowerCase();
    const old = recent<string>('search')
      .filter((text) => text !== typed.trim() && text.toLowerCase().startsWith(begun))
      .slice(0, begun ? 3 : 6)
      .map((text) => ({ text, label: text, detail: this.input.dataset.recent ?? '' }));
    return [...offers, ...old];
  }

  private key(event: KeyboardEvent): void {
    if (this.offers.key(event)) return;
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    void this.asking.now();
  }

  private take(offer: Offer): void {
    this.input.value = offer.text;
    this.input.focus();
    // An operator wants its value next.
    if (offer.text.endsWith(':')) this.asking.later();
  }
}

export function startSearch(): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    for (const input of document.querySelectorAll<HTMLInputElement>(
      'input[data-suggest]:not([data-chips])',
    )) {
      if (known.has(input)) continue;
      known.add(input);
      new SearchBox(input);
    }
  });
}
