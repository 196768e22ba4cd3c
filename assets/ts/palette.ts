/**
 * The command palette: the page's own commands and the server's search in one
 * list (ARIA combobox with listbox). Commands are elements that carry
 * `data-command`; choosing one clicks it, so that a command is never written twice.
 */
import htmx from 'htmx.org';
import { all, first, onPage, visible } from './dom.ts';
import { activate, label } from './keys.ts';

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

/** Without case and diacritics: `losung` finds „Lösung“. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

class Palette {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private commands: Entry[] = [];
  private found: Entry[] = [];
  private shown: Entry[] = [];
  private active = 0;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly dialog: HTMLDialogElement) {
    this.input = dialog.querySelector('input') as HTMLInputElement;
    this.list = dialog.querySelector('.list') as HTMLElement;
    this.list.id ||= 'cmd-list';
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', this.input.getAttribute('aria-label') ?? '');
    this.input.setAttribute('role', 'combobox');
    this.input.setAttribute('aria-autocomplete', 'list');
    this.input.setAttribute('aria-expanded', 'true');
    this.input.setAttribute('aria-controls', this.list.id);
    this.input.addEventListener('input', () => this.typed());
    this.input.addEventListener('keydown', (event) => this.key(event));
    dialog.addEventListener('toggle', () => dialog.open && this.opened());
    if (dialog.open) this.opened();
  }

  private opened(): void {
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
      hint: element.dataset.key ? label(element.dataset.key) : '',
      run: () => activate(element),
    };
  }

  private typed(): void {
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.search(), 120);
  }

  private async search(): Promise<void> {
    const query = this.input.value.trim();
    const ask = ++this.asked;
    this.found = query ? await this.fetchItems(query).catch(() => []) : [];
    // A slow answer to an older question must not replace a newer one.
    if (ask === this.asked) this.show();
  }

  private async fetchItems(query: string): Promise<Entry[]> {
    const url = new URL(this.dialog.dataset.url ?? '/search', location.href);
    url.searchParams.set('q', query);
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!response.ok) return [];
    const { items } = (await response.json()) as { items: Item[] };
    return items.map((item) => ({
      title: item.title,
      detail: item.detail ?? '',
      icon: item.icon ?? ICONS[item.kind] ?? 'search',
      hint: '',
      run: () => this.go(item.url),
    }));
  }

  /** Follows an address the way a link on the page would be followed. */
  private go(url: string): void {
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
    const commands = this.commands.filter(({ title }) => words.every((word) => folded(title).includes(word)));
    const groups: [string, Entry[]][] = [
      [this.dialog.dataset.hFound ?? '', this.found],
      [this.dialog.dataset.hCommands ?? '', commands.slice(0, words.length ? 8 : 12)],
    ];
    this.shown = groups.flatMap(([, entries]) => entries);
    this.active = 0;
    this.list.replaceChildren(...groups.filter(([, entries]) => entries.length).map(this.group, this));
    this.list.hidden = !this.shown.length;
    this.sayNone(words.length > 0 && !this.shown.length);
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
      this.choose(this.active);
    }
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
