/**
 * The command palette: the page's own commands and the server's search in one
 * list (ARIA combobox with listbox). Commands are elements that carry
 * `data-command`; choosing one clicks it, so that a command is never written twice.
 */
import htmx from 'htmx.org';
import { Asking, Combobox, folded, icon, items } from './combobox.ts';
import type { Group } from './combobox.ts';
import { all, fill, first, onPage, visible } from './dom.ts';
import { activate, label } from './keys.ts';
import { recent, remember } from './recent.ts';

type Item = { kind: string; title: string; detail?: string; url: string; icon?: string };
type Entry = {
  title: string;
  detail: string;
  icon: string;
  hint: string;
  run: () => void;
  found?: boolean;
  /** Heading of a command that belongs to what the page shows, such as a case. */
  of?: string;
};

const ICONS: Record<string, string> = {
  case: 'inbox',
  customer: 'people',
  insight: 'complaint',
  article: 'book',
  order: 'box',
  user: 'team',
  department: 'dept',
};

const BEGINS = 3;

/** Where a command stands among those of what the page shows: what is done most comes first. */
const rank = (element: HTMLElement): number => Number(element.dataset.commandFirst ?? 99);

/** The icon of a command: its own, else the one that stands on it. */
function iconOf(element: HTMLElement): string {
  const shown = first('svg.ic use', element)?.getAttribute('href')?.split('#i-')[1];
  return element.dataset.commandIcon ?? shown ?? 'right';
}

/** What stands on a command; its key is shown beside it. */
function nameOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const key of all('kbd', copy)) key.remove();
  return (copy.textContent ?? '').trim().replace(/\s+/g, ' ');
}

/** How well a title fits one word that was typed: as a beginning, inside, or by some of its letters; 0: not. */
function fit(title: string, word: string): number {
  const parts = title.split(/[^\p{L}\p{N}]+/u);
  if (parts.some((part) => part.startsWith(word))) return BEGINS;
  if (title.includes(word)) return 2;
  let at = 0;
  for (const letter of title) if (letter === word[at]) at++;
  return 2 < word.length && at === word.length && parts.some((part) => part[0] === word[0]) ? 1 : 0;
}

class Palette {
  private commands: Entry[] = [];
  private found: Item[] = [];
  private options: Combobox<Entry> | undefined;
  private dressed: Element | undefined;
  private readonly asking = new Asking(
    () => this.search(),
    (found) => {
      this.found = found;
      this.show();
    },
  );

  constructor(private readonly dialog: HTMLDialogElement) {
    // What is inside may be another element after a morph: events are heard at the dialog.
    dialog.addEventListener('input', ({ target }) => target === this.input && this.typed());
    dialog.addEventListener('keydown', (event) => event.target === this.input && this.key(event));
    dialog.addEventListener('toggle', () => (dialog.open ? this.opened() : this.closed()));
    if (dialog.open) this.opened();
  }

  private get input(): HTMLInputElement {
    return this.dialog.querySelector('input') as HTMLInputElement;
  }

  private get list(): HTMLElement {
    return this.dialog.querySelector('.list') as HTMLElement;
  }

  /** The list of the elements that are there now. */
  private dress(): Combobox<Entry> {
    if (!this.options || this.dressed !== this.list)
      this.options = new Combobox<Entry>(this.input, {
        row,
        take: (entry) => this.choose(entry),
        name: () => this.input.getAttribute('aria-label') ?? '',
        list: this.list,
      });
    this.dressed = this.list;
    return this.options;
  }

  private opened(): void {
    // Commands are read while the page behind is what the person sees.
    // What can be done with what the page shows comes first, what works everywhere last, and each only once.
    const found = [
      ...all('[data-commands-of] [data-command]').sort((a, b) => rank(a) - rank(b)),
      ...all('main [data-command]').filter((element) => !element.closest('[data-commands-of]')),
      ...all('[data-command]').filter((element) => !element.closest('main')),
    ].filter((element) => this.offered(element));
    const titles = new Set<string>();
    this.commands = found
      .map((element) => this.command(element))
      .filter(({ title }) => !titles.has(title) && titles.add(title));
    // Who types fast has typed before this is told.
    if (this.input.value) this.asking.later();
    this.show();
  }

  private closed(): void {
    this.tellGap();
    this.asking.drop();
    this.input.value = '';
    this.found = [];
  }

  /** Somebody looked for something and found nothing at all: the house is told the words, and not who typed them. */
  private tellGap(): void {
    const words = this.input.value.trim();
    const { gaps } = this.dialog.dataset;
    if (!gaps || words.length < 3 || this.asking.busy || this.found.length || this.fitting().length) return;
    void fetch(gaps, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ q: words }),
      keepalive: true,
    }).catch(() => undefined);
  }

  private offered(element: HTMLElement): boolean {
    if (this.dialog.contains(element) || element.matches(':disabled')) return false;
    // A phone has no room for the whole navigation.
    return visible(element) || element.closest('[data-commands], .k-nav') !== null;
  }

  private command(element: HTMLElement): Entry {
    const of = element.closest<HTMLElement>('[data-commands-of]')?.dataset.commandsOf;
    return {
      title: element.dataset.command || nameOf(element),
      detail: '',
      icon: iconOf(element),
      // Where a key means another element first, the element says that it has none.
      hint: element.dataset.commandHint ?? (element.dataset.key ? label(element.dataset.key) : ''),
      run: () => activate(element),
      ...(of ? { of } : {}),
    };
  }

  private typed(): void {
    this.show();
    this.asking.later();
  }

  private async search(): Promise<Item[]> {
    const query = this.input.value.trim();
    return query ? items<Item>(this.dialog.dataset.url ?? '/search', query).catch(() => []) : [];
  }

  private entry(item: Item): Entry {
    return {
      title: item.title,
      detail: item.detail ?? '',
      icon: item.icon ?? ICONS[item.kind] ?? 'search',
      hint: '',
      found: true,
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

  /** The commands that fit, the best first; `begins`: every word that was typed begins one of theirs. */
  private fitting(): { command: Entry; begins: boolean }[] {
    const words = folded(this.input.value).split(/\s+/).filter(Boolean);
    const fits = this.commands
      .map((command) => ({ command, fits: words.map((word) => fit(folded(command.title), word)) }))
      .filter(({ fits }) => fits.every((one) => one !== 0));
    const sum = (fits: number[]): number => fits.reduce((sum, one) => sum + one, 0);
    fits.sort((a, b) => sum(b.fits) - sum(a.fits));
    return fits.slice(0, words.length ? 8 : 12).map(({ command, fits }) => ({
      command,
      begins: 0 < words.length && fits.every((one) => one === BEGINS),
    }));
  }

  private show(): void {
    const typed = this.input.value.trim() !== '';
    const fitting = this.fitting();
    const named = (begins: boolean): Group<Entry>[] => {
      const commands = fitting.filter((one) => one.begins === begins).map(({ command }) => command);
      const titles = [...new Set(commands.map(({ of }) => of))];
      return titles.map((of) => ({
        title: of ?? this.dialog.dataset.hCommands ?? '',
        items: commands.filter((command) => command.of === of),
      }));
    };
    // Who types the beginning of a command means it; a word somewhere inside it comes after what was found.
    const groups: Group<Entry>[] = [
      ...named(true),
      ...this.items().map(([title, items]) => ({ title, items })),
      ...named(false),
      { title: this.dialog.dataset.hMore ?? '', items: this.everywhere() },
    ];
    this.dress().showGroups(groups);
    this.sayNone(typed && !this.found.length && !fitting.length);
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
    const chosen = this.options?.chosen;
    // Commands fit what is typed at once. What was found may be older, and somebody who types a number and Enter at
    // once means what is about to be found.
    const settled = chosen && !chosen.found && !/\d{4}/.test(this.input.value);
    if (event.key === 'Enter' && this.asking.busy && !settled) {
      event.preventDefault();
      void this.asking.now(
        () => this.dialog.open && this.options?.chosen && this.choose(this.options.chosen),
      );
    } else this.options?.key(event);
  }

  private choose(entry: Entry): void {
    this.asking.drop();
    this.dialog.close();
    entry.run();
  }
}

function row({ title, detail, icon: symbol, hint }: Entry): (Node | string)[] {
  const words = Object.assign(document.createElement('span'), { className: 'grow clip' });
  words.append(Object.assign(document.createElement(detail ? 'b' : 'span'), { textContent: title }));
  const more = Object.assign(document.createElement('span'), {
    className: 'mut',
    textContent: ` · ${detail}`,
  });
  if (detail) words.append(more);
  const key = Object.assign(document.createElement('kbd'), { className: 'k-key', textContent: hint });
  return [icon(symbol), words, ...(hint ? [key] : [])];
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
