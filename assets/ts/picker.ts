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
import { Asking, Combobox, folded, icon, items } from './combobox.ts';
import { all, fill, first } from './dom.ts';

type Option = {
  value: string;
  title: string;
  detail: string;
  icon: string;
  current: boolean;
  /** A name that nobody gave so far. */
  fresh?: boolean;
};

const PAUSE_MS = 80;

class Picker {
  private readonly box = document.createElement('div');
  private readonly input = document.createElement('input');
  private readonly none = document.createElement('p');
  private readonly options: Combobox<Option>;
  private shown: Option[] = [];
  private readonly asking: Asking<{ name: string }[]>;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly field: HTMLSelectElement | HTMLInputElement,
    private readonly plain: HTMLElement,
  ) {
    const name = field.labels?.[0]?.textContent?.trim() ?? '';
    const list = Object.assign(document.createElement('div'), { className: 'list', id: `${dialog.id}-list` });
    this.build(name, list);
    this.options = new Combobox<Option>(this.input, {
      row,
      take: (option) => this.choose(option),
      name: () => name,
      list,
    });
    this.asking = new Asking(
      () => items(field.dataset.url ?? '', this.input.value.trim()),
      (found) => this.show(this.withNew(found.map(({ name }) => name)), false),
    );
    this.plain.hidden = true;
    this.plain.before(this.box);
    this.typed(true);
  }

  private build(name: string, list: HTMLElement): void {
    this.box.className = 'picker';
    const line = document.createElement('div');
    line.className = 'q';
    this.input.type = 'text';
    this.input.placeholder = name;
    this.input.autocomplete = 'off';
    this.input.spellcheck = false;
    this.input.setAttribute('aria-label', name);
    if (this.field instanceof HTMLInputElement && 0 < this.field.maxLength)
      this.input.maxLength = this.field.maxLength;
    this.none.className = 'none';
    this.none.setAttribute('role', 'status');
    const escape = Object.assign(document.createElement('kbd'), { className: 'k-key', textContent: 'Esc' });
    line.append(icon(this.field.dataset.icon ?? 'search'), this.input, escape);
    this.box.append(line, list, this.none);
    this.input.addEventListener('input', () => this.typed(false));
    this.input.addEventListener('keydown', (event) => {
      const enter = event.key === 'Enter' && !event.isComposing;
      // A name that seems new may be known: that is about to be told.
      const early = enter && this.asking.busy;
      if (early) void this.asking.now(() => this.chooseTyped());
      // Without a fitting option Enter sends nothing.
      if (early || (!this.options.key(event) && enter)) event.preventDefault();
    });
  }

  focus(): void {
    this.input.focus();
  }

  /** As the server wrote it. */
  remove(): void {
    this.asking.drop();
    this.box.remove();
    this.plain.hidden = false;
  }

  private typed(opened: boolean): void {
    if (this.field instanceof HTMLSelectElement) {
      this.show(this.ofSelect(this.field), opened);
      return;
    }
    this.show(this.withNew([]), opened);
    this.asking.later(opened ? 0 : PAUSE_MS);
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

  /** Names that the server knows, without those that are set, and the one that is typed if it is new. */
  private withNew(names: string[]): Option[] {
    const set = new Set(all('[data-picked]', this.dialog).map(({ dataset }) => folded(dataset.picked ?? '')));
    const typed = this.typedName();
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
    if (fresh) options.push({ ...option(typed, fill(fresh, { name: typed }), 'plus'), fresh: true });
    return options;
  }

  private typedName(): string {
    return this.input.value.trim().replace(/^#\s*/, '').replace(/\s+/g, ' ');
  }

  private show(options: Option[], opened: boolean): void {
    this.shown = options;
    const current = opened ? options.findIndex((option) => option.current) : 0;
    this.options.show(options, Math.max(0, current));
    const asks = this.input.value.trim() !== '';
    this.none.textContent = asks && !options.length ? (first('#cmd')?.dataset.none ?? '') : '';
  }

  /** What was typed whole is taken unseen; between a known name and a new one a person chooses. */
  private chooseTyped(): void {
    const typed = folded(this.typedName());
    const meant = this.shown.find(({ value }) => typed !== '' && folded(value) === typed);
    if (!this.dialog.open || !meant || (meant.fresh && 1 < this.shown.length)) return;
    this.choose(meant);
  }

  private choose(option: Option): void {
    const { form } = this.field;
    if (!form) return;
    this.field.value = option.value;
    this.dialog.close();
    // What is there already need not be sent.
    if (!option.current) form.requestSubmit();
  }
}

function row({ title, detail, icon: symbol, current }: Option): (Node | string)[] {
  const words = Object.assign(document.createElement('span'), {
    className: 'grow clip',
    dir: 'auto',
    textContent: title,
  });
  const more = Object.assign(document.createElement('span'), { className: 'mut t12', textContent: detail });
  return [icon(symbol), words, ...(detail ? [more] : []), ...(current ? [icon('check')] : [])];
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
