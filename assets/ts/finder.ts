/**
 * A dialog that finds what is to be inserted: a field, the list below it, and what is to be known of the marked one.
 * What is inside may be another element after a morph: events are heard at the dialog.
 */
import { Asking, Combobox, items } from './combobox.ts';
import { first, onPage } from './dom.ts';

export type Finding<T> = {
  /** What its parts are marked with, as in `data-snippets-list`. */
  name: string;
  row: (item: T, box: HTMLDialogElement) => (Node | string)[];
  take: (item: T, box: HTMLDialogElement) => void;
  /** Says what is to be known of the marked one. `asked` is what there was an answer to, null before the first. */
  say: (item: T | undefined, asked: string | null, box: HTMLDialogElement) => void;
  /** The heading of what was found. */
  title?: (asked: string, box: HTMLDialogElement) => string;
  closed?: () => void;
};

class Finder<T> {
  private found: Combobox<T> | undefined;
  private dressed: Element[] = [];
  /** What there was an answer to: before it, none fitting is not said. */
  private asked: string | null = null;
  private readonly asking = new Asking(
    () => items<T>(this.box.dataset[`${this.finding.name}Url`] ?? '', this.typed),
    (found) => {
      this.asked = this.typed;
      const title = this.finding.title?.(this.asked, this.box) ?? '';
      this.dress()?.showGroups([{ title, items: found }]);
    },
  );

  constructor(
    private readonly box: HTMLDialogElement,
    private readonly finding: Finding<T>,
  ) {
    box.addEventListener('input', ({ target }) => target === this.input && this.asking.later());
    box.addEventListener('keydown', (event) => event.target === this.input && this.key(event));
    box.addEventListener('toggle', () => (box.open ? this.opened() : this.closed()));
  }

  private get input(): HTMLInputElement | null {
    return this.box.querySelector<HTMLInputElement>(`[data-${this.finding.name}-search]`);
  }

  private get typed(): string {
    return this.input?.value.trim() ?? '';
  }

  /** The list of the elements that are there now. */
  private dress(): Combobox<T> | undefined {
    const { name, row, take, say } = this.finding;
    const [input, list] = [this.input, first(`[data-${name}-list]`, this.box)];
    if (!input || !list) return undefined;
    if (this.found && this.dressed[0] === input && this.dressed[1] === list) return this.found;
    this.dressed = [input, list];
    this.found = new Combobox<T>(input, {
      row: (item) => row(item, this.box),
      take: (item) => take(item, this.box),
      name: () => input.labels?.[0]?.textContent ?? '',
      list,
      marked: (item) => say(item, this.asked, this.box),
    });
    return this.found;
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !this.asking.busy) return void this.found?.key(event);
    // What was typed is newer than what is shown.
    event.preventDefault();
    void this.asking.now(() => {
      const chosen = this.found?.chosen;
      if (this.box.open && chosen !== undefined) this.finding.take(chosen, this.box);
    });
  }

  private opened(): void {
    this.asked = null;
    this.input?.focus();
    // Who types fast has typed, and even chosen, before this is told: what was asked for then stays asked for.
    if (!this.asking.busy) void this.asking.now();
  }

  private closed(): void {
    this.asking.drop();
    this.asked = null;
    // Opened again it is to show what there is then, and Enter is not to take what was there before.
    this.found?.close();
    if (this.input) this.input.value = '';
    this.finding.closed?.();
  }
}

/** Lets the dialog with this id find, on every page that has it. */
export function startFinder<T>(id: string, finding: Finding<T>): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    const box = document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(id)}`);
    if (!box || known.has(box)) return;
    known.add(box);
    new Finder(box, finding);
  });
}
