/**
 * The command palette: the page's own commands and the server's search in one
 * list (ARIA combobox with listbox). Commands are elements that carry
 * `data-command`; choosing one clicks it, so that a command is never written twice.
 */
import htmx from 'htmx.org';
import { all, fill, first, onPage, visible } from './dom.ts';
import { activate, label } from './keys.ts';
import { recent, remember } from './recent.ts';

type Item = { kind: string; title: string; detail?: string; url: string; icon?: string };
type Entry = { title: string; detail: string; icon: string; hint: string; run: () => void };

const ICONS: Record<string, string> = {
  case: 'inbox',
  customer: 'people',
  insight: 'complaint',
  article: 'book',
  order: 'box',
  user: 'team',
  department: 'dept',
};
const SVG = 'http://www.w3.org/2000/svg';

/** How well a title fits one word that was typed: as a beginning, inside, or by some of its letters; 0: not. */
function fit(title: string, word: string): number {
  const parts = title.split(/[^\p{L}\p{N}]+/u);
  if (parts.some((part) => part.startsWith(word))) return 3;
  if (title.includes(word)) return 2;
  let at = 0;
  for (const letter of title) if (letter === word[at]) at++;
  return 2 < word.length && at === word.length && parts.some((part) => part[0] === word[0]) ? 1 : 0;
}

/** Without case and diacritics: `losung` finds „Lösung“. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

class Palette {
  private commands: Entry[] = [];
  private found: Item[] = [];
  private shown: Entry[] = [];
  private active = 0;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly dialog: HTMLDialogElement) {
    // What is inside may be another element after a morph: events are heard at the dialog.
    dialog.addEventListener('input', ({ target }) => target === this.input && this.typed());
    dialog.addEventListener('keydown', (event) => event.target === this.input && this.key(event));
    dialog.addEventListener('toggle', () => dialog.open && this.opened());
    if (dialog.open) this.opened();
  }

  private get input(): HTMLInputElement {
    return this.dialog.querySelector('input') as HTMLInputElement;
  }

  private get list(): HTMLElement {
    return this.dialog.querySelector('.list') as HTMLElement;
  }

  /** Names the parts for screen readers. */
  private dress(): void {
    const { input, list } = this;
    list.id ||= 'cmd-list';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.getAttribute('aria-label') ?? '');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-controls', list.id);
  }

  private opened(): void {
    this.dress();
    // Commands are read while the page behind is what the person sees.
    // What the page itself can do comes first, what works everywhere last, and each only once.
    const found = [
      ...all('main [data-command]'),
      ...all('[data-command]').filter((element) => !element.closest('main')),
    ].filter((element) => this.offered(element));
    const titles = new Set<string>();
    this.commands = found
      .map((element) => this.command(element))
      .filter(({ title }) => !titles.has(title) && titles.add(title));
    this.input.value = '';
    this.found = [];
    this.show();
  }

  private offered(element: HTMLElement): boolean {
    if (this.dialog.contains(element) || element.matches(':disabled')) return false;
    return visible(element) || element.closest('[data-commands]') !== null;
  }

  private command(element: HTMLElement): Entry {
    return {
      title: element.dataset.command || (element.textContent ?? '').trim().replace(/\s+/g, ' '),
      detail: '',
      icon: element.dataset.commandIcon ?? 'right',
      hint: element.dataset.key ? label(element.dataset.key) : (element.dataset.commandHint ?? ''),
      run: () => activate(element),
    };
  }

  private typed(): void {
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.search(), 120);
  }

  private async search(): Promise<void> {
    this.timer = undefined;
    const query = this.input.value.trim();
    const ask = ++this.asked;
    const found = query ? await this.fetchItems(query).catch(() => []) : [];
    // A slow answer to an older question must not replace a newer one.
    if (ask !== this.asked) return;
    this.found = found;
    this.show();
  }

  private async fetchItems(query: string): Promise<Item[]> {
    const url = new URL(this.dialog.dataset.url ?? '/search', location.href);
    url.searchParams.set('q', query);
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!response.ok) return [];
    return ((await response.json()) as { items: Item[] }).items;
  }

  private entry(item: Item): Entry {
    return {
      title: item.title,
      detail: item.detail ?? '',
      icon: item.icon ?? ICONS[item.kind] ?? 'search',
      hint: '',
      run: () => {
        const { kind, title, detail, url } = item;
        remember<Item>('opened', { kind, title, detail, url }, (other) => other.url === url);
        this.go(url);
      },
    };
  }

  /** What was found, by kind, in the order in which the kinds were found; at first what was opened last. */
  private items(): [string, Entry[]][] {
    const words = this.dialog.dataset;
    if (!this.input.value.trim()) {
      const opened = recent<Item>('opened').slice(0, 5);
      return [[words.hRecent ?? '', opened.map((item) => this.entry(item))]];
    }
    const kinds = [...new Set(this.found.map(({ kind }) => kind))];
    return kinds.map((kind) => {
      const name = words[`hKind${kind[0]?.toUpperCase()}${kind.slice(1)}`] ?? words.hFound ?? '';
      return [name, this.found.filter((item) => item.kind === kind).map((item) => this.entry(item))];
    });
  }

  /** The whole search, with operators and all hits. */
  private everywhere(): Entry[] {
    const query = this.input.value.trim();
    if (!query || !this.dialog.dataset.hEverywhere) return [];
    const url = `${this.dialog.dataset.url ?? '/search'}?${new URLSearchParams({ q: query })}`;
    const title = fill(this.dialog.dataset.hEverywhere, { typed: query });
    return [{ title, detail: '', icon: 'search', hint: '', run: () => this.go(url) }];
  }

  /** Follows an address the way a link on the page would be followed. */
  private go(url: string): void {
    if (this.dialog.open) this.dialog.close();
    const link = document.createElement('a');
    link.href = url;
    link.hidden = true;
    document.body.append(link);
    htmx.process(link);
    link.click();
    link.remove();
  }

  private show(): void {
    const words = folded(this.input.value).split(/\s+/).filter(Boolean);
    const fits = this.commands
      .map((command) => ({ command, fits: words.map((word) => fit(folded(command.title), word)) }))
      .filter(({ fits }) => fits.every((one) => one !== 0))
      .map(({ command, fits }) => ({ command, sum: fits.reduce((sum, one) => sum + one, 0) }));
    fits.sort((a, b) => b.sum - a.sum);
    const commands = fits.map(({ command }) => command).slice(0, words.length ? 8 : 12);
    const groups: [string, Entry[]][] = [
      ...this.items(),
      [this.dialog.dataset.hCommands ?? '', commands],
      [this.dialog.dataset.hMore ?? '', this.everywhere()],
    ];
    this.shown = groups.flatMap(([, entries]) => entries);
    this.active = 0;
    this.list.replaceChildren(...groups.filter(([, entries]) => entries.length).map(this.group, this));
    this.list.hidden = !this.shown.length;
    this.sayNone(words.length > 0 && !this.found.length && !commands.length);
    this.mark();
  }

  private group([title, entries]: [string, Entry[]], index: number): HTMLElement {
    const item = document.createElement('div');
    item.setAttribute('role', 'group');
    const heading = document.createElement('div');
    heading.className = 'h';
    heading.id = `cmd-h${index}`;
    heading.textContent = title;
    // The heading names the group; as an own element it has no place in a listbox.
    heading.setAttribute('role', 'presentation');
    item.setAttribute('aria-labelledby', heading.id);
    item.append(heading, ...entries.map((entry) => this.option(entry)));
    return item;
  }

  private option(entry: Entry): HTMLElement {
    const index = this.shown.indexOf(entry);
    const option = document.createElement('div');
    option.className = 'o';
    option.id = `cmd-o${index}`;
    option.setAttribute('role', 'option');
    const words = document.createElement('span');
    words.className = 'grow clip';
    const title = document.createElement(entry.detail ? 'b' : 'span');
    title.textContent = entry.title;
    words.append(title);
    if (entry.detail)
      words.append(
        Object.assign(document.createElement('span'), {
          className: 'mut',
          textContent: ` · ${entry.detail}`,
        }),
      );
    option.append(this.icon(entry.icon), words);
    if (entry.hint)
      option.append(
        Object.assign(document.createElement('kbd'), { className: 'k-key', textContent: entry.hint }),
      );
    option.addEventListener('mousemove', () => this.select(index));
    option.addEventListener('click', () => this.choose(index));
    return option;
  }

  private icon(name: string): SVGElement {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('class', 'ic');
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS(SVG, 'use');
    use.setAttribute('href', `${this.dialog.dataset.icons ?? ''}#i-${name}`);
    svg.append(use);
    return svg;
  }

  private sayNone(none: boolean): void {
    let line = first('.none', this.dialog);
    if (!line) {
      line = Object.assign(document.createElement('p'), { className: 'none' });
      line.setAttribute('role', 'status');
      this.dialog.append(line);
    }
    line.textContent = none ? (this.dialog.dataset.none ?? '') : '';
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.select((this.active + step + this.shown.length) % (this.shown.length || 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void this.enter();
    }
  }

  /** Somebody who types a number and Enter at once means what is about to be found. */
  private async enter(): Promise<void> {
    if (this.timer !== undefined && /\d{4}/.test(this.input.value)) {
      clearTimeout(this.timer);
      await this.search();
    }
    this.choose(this.active);
  }

  private select(index: number): void {
    if (index === this.active) return;
    this.active = index;
    this.mark();
  }

  private mark(): void {
    const options = all('[role=option]', this.list);
    options.forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === this.active));
      option.classList.toggle('on', index === this.active);
    });
    options[this.active]?.scrollIntoView({ block: 'nearest' });
    if (options[this.active]) this.input.setAttribute('aria-activedescendant', `cmd-o${this.active}`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  private choose(index: number): void {
    const entry = this.shown[index];
    if (!entry) return;
    this.dialog.close();
    entry.run();
  }
}

export function startPalette(): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    const dialog = document.getElementById('cmd');
    if (!(dialog instanceof HTMLDialogElement) || known.has(dialog)) return;
    known.add(dialog);
    new Palette(dialog);
  });
}
