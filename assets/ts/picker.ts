/**
 * Choosing by typing: a dialog with a plain form (`data-picker`) becomes a
 * filter with a list (ARIA combobox) as long as it is open. What is chosen is
 * put into the form's own field, and the form is sent.
 *
 * The options are those of a select, or come from the server while one types
 * (`data-url` on an input), which may also take a name that is new
 * (`data-new`). Everything is built when the dialog opens, so that a morph
 * only ever meets what the server wrote.
 */
import { all, fill, first } from './dom.ts';

type Option = { value: string; title: string; detail: string; icon: string; current: boolean };

const PAUSE_MS = 80;
const SVG = 'http://www.w3.org/2000/svg';

/** Without case and diacritics: `storung` finds „Störung“. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

class Picker {
  private readonly box = document.createElement('div');
  private readonly input = document.createElement('input');
  private readonly list = document.createElement('div');
  private readonly none = document.createElement('p');
  private shown: Option[] = [];
  private active = 0;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly field: HTMLSelectElement | HTMLInputElement,
    private readonly plain: HTMLElement,
  ) {
    this.box.className = 'picker';
    this.build();
    this.plain.hidden = true;
    this.plain.before(this.box);
    this.typed(true);
  }

  private build(): void {
    const name = this.field.labels?.[0]?.textContent?.trim() ?? '';
    const row = document.createElement('div');
    row.className = 'q';
    this.input.type = 'text';
    this.input.placeholder = name;
    this.input.autocomplete = 'off';
    this.input.spellcheck = false;
    if (this.field instanceof HTMLInputElement && 0 < this.field.maxLength)
      this.input.maxLength = this.field.maxLength;
    this.list.className = 'list';
    this.list.id = `${this.dialog.id}-list`;
    this.none.className = 'none';
    const set = (element: Element, values: Record<string, string>): void =>
      Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
    set(this.input, {
      role: 'combobox',
      'aria-label': name,
      'aria-autocomplete': 'list',
      'aria-expanded': 'true',
      'aria-controls': this.list.id,
    });
    set(this.list, { role: 'listbox', 'aria-label': name });
    set(this.none, { role: 'status' });
    const escape = Object.assign(document.createElement('kbd'), { className: 'k-key', textContent: 'Esc' });
    row.append(icon(this.field.dataset.icon ?? 'search'), this.input, escape);
    this.box.append(row, this.list, this.none);
    this.input.addEventListener('input', () => this.typed(false));
    this.input.addEventListener('keydown', (event) => this.key(event));
  }

  focus(): void {
    this.input.focus();
  }

  /** As the server wrote it. */
  remove(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    this.box.remove();
    this.plain.hidden = false;
  }

  private typed(opened: boolean): void {
    if (this.field instanceof HTMLSelectElement) {
      this.show(this.ofSelect(this.field), opened);
      return;
    }
    clearTimeout(this.timer);
    this.show(this.withNew([]), opened);
    this.timer = setTimeout(() => void this.fetch(), opened ? 0 : PAUSE_MS);
  }

  private ofSelect(select: HTMLSelectElement): Option[] {
    const words = folded(this.input.value).split(/\s+/).filter(Boolean);
    const options = [...select.options].map((option) => ({
      value: option.value,
      title: option.text,
      detail: option.dataset.detail ?? '',
      icon: option.dataset.icon ?? 'right',
      current: option.defaultSelected,
    }));
    return options.filter(({ title }) => words.every((word) => folded(title).includes(word)));
  }

  private async fetch(): Promise<void> {
    const ask = ++this.asked;
    const url = new URL(this.field.dataset.url ?? '', location.href);
    url.searchParams.set('q', this.input.value.trim());
    const response = await fetch(url, { headers: { Accept: 'application/json' } }).catch(() => null);
    if (ask !== this.asked || !response?.ok) return;
    const { items } = (await response.json()) as { items: { name: string }[] };
    // A slow answer to an older question must not replace a newer one.
    if (ask === this.asked) this.show(this.withNew(items.map(({ name }) => name)), false);
  }

  /** Names that the server knows, without those that are set, and the one that is typed if it is new. */
  private withNew(names: string[]): Option[] {
    const set = new Set(all('[data-picked]', this.dialog).map(({ dataset }) => folded(dataset.picked ?? '')));
    const typed = this.input.value.trim().replace(/^#\s*/, '').replace(/\s+/g, ' ');
    const known = names.some((name) => folded(name) === folded(typed));
    const option = (value: string, title: string, symbol: string): Option => ({
      value,
      title,
      detail: '',
      icon: symbol,
      current: false,
    });
    const options = names
      .filter((name) => !set.has(folded(name)))
      .map((name) => option(name, name, this.field.dataset.icon ?? 'right'));
    const fresh = typed && !known && !set.has(folded(typed)) && this.field.dataset.new;
    if (fresh) options.push(option(typed, fill(fresh, { name: typed }), 'plus'));
    return options;
  }

  private show(options: Option[], opened: boolean): void {
    this.shown = options;
    this.active = opened
      ? Math.max(
          0,
          options.findIndex(({ current }) => current),
        )
      : 0;
    this.list.replaceChildren(...options.map((option, index) => this.row(option, index)));
    this.list.hidden = !options.length;
    const asks = this.input.value.trim() !== '';
    this.none.textContent = asks && !options.length ? (first('#cmd')?.dataset.none ?? '') : '';
    this.mark();
  }

  private row(option: Option, index: number): HTMLElement {
    const row = document.createElement('div');
    row.className = 'o';
    row.id = `${this.list.id}-${index}`;
    row.setAttribute('role', 'option');
    const words = document.createElement('span');
    words.className = 'grow clip';
    words.dir = 'auto';
    words.textContent = option.title;
    row.append(icon(option.icon), words);
    if (option.detail)
      row.append(
        Object.assign(document.createElement('span'), { className: 'mut t12', textContent: option.detail }),
      );
    if (option.current) row.append(icon('check'));
    row.addEventListener('mousemove', () => this.select(index));
    row.addEventListener('click', () => this.choose(index));
    return row;
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.select((this.active + step + this.shown.length) % (this.shown.length || 1));
    } else if (event.key === 'Enter' && !event.isComposing) {
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
    const rows = all('[role=option]', this.list);
    rows.forEach((row, index) => {
      row.setAttribute('aria-selected', String(index === this.active));
      row.classList.toggle('on', index === this.active);
    });
    rows[this.active]?.scrollIntoView({ block: 'nearest' });
    if (rows[this.active]) this.input.setAttribute('aria-activedescendant', `${this.list.id}-${this.active}`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  private choose(index: number): void {
    const option = this.shown[index];
    const { form } = this.field;
    if (!option || !form) return;
    this.field.value = option.value;
    this.dialog.close();
    // What is there already need not be sent.
    if (!option.current) form.requestSubmit();
  }
}

function icon(name: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'ic');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${first('#cmd')?.dataset.icons ?? ''}#i-${name}`);
  svg.append(use);
  return svg;
}

const pickers = new WeakMap<Element, Picker>();

function open(dialog: HTMLDialogElement): void {
  pickers.get(dialog)?.remove();
  const plain = first('.plain', dialog);
  const field = plain?.querySelector<HTMLSelectElement | HTMLInputElement>(
    'select, input:not([type=hidden])',
  );
  if (!plain || !field) return;
  const picker = new Picker(dialog, field, plain);
  pickers.set(dialog, picker);
  picker.focus();
}

export function startPicker(): void {
  document.addEventListener('kitt:open', ({ target }) => {
    if (target instanceof HTMLDialogElement && target.matches('[data-picker]')) open(target);
  });
  document.addEventListener(
    'close',
    ({ target }) => {
      if (!(target instanceof HTMLDialogElement)) return;
      pickers.get(target)?.remove();
      pickers.delete(target);
    },
    true,
  );
}
