/**
 * Text modules: a dialog that finds them, filled in by the server for this case. Opened by its key or button, and in
 * the editor by `;;`. What could not be filled in is said before it is inserted, and marked while it stands there; so
 * is a text that addresses the customer otherwise than they are addressed.
 */
import { Asking, Combobox, items } from './combobox.ts';
import { announce, first, onPage } from './dom.ts';
import { openDialog } from './dialogs.ts';

type Snippet = {
  id: number;
  name: string;
  shortcut: string;
  folder: string;
  begins: string;
  html: string;
  missing: string[];
  tone: 'formal' | 'informal' | null;
  other_tone: boolean;
};

let into: ((html: string) => void) | null = null;

/** Opens the dialog; what is chosen goes to `insert`. */
export function openSnippets(insert: (html: string) => void): void {
  into = insert;
  openDialog('dlg-snippets');
}

/** Who writes says here where a snippet goes that is opened by button or key. */
let writer: (() => ((html: string) => void) | null) | null = null;
export const setWriter = (where: () => ((html: string) => void) | null): void => void (writer = where);

/** Puts HTML where somebody writes just now, if somebody does. */
export const insertWritten = (html: string): void => writer?.()?.(html);

/** "per Du", where there is a difference. */
function tone(box: HTMLDialogElement, { tone }: Snippet): (Node | string)[] {
  const said = tone && box.dataset[tone === 'formal' ? 'toneFormal' : 'toneInformal'];
  if (!said) return [];
  return [' ', Object.assign(document.createElement('span'), { textContent: said, className: 'k-tag' })];
}

function row(box: HTMLDialogElement, snippet: Snippet): (Node | string)[] {
  const { name, shortcut, begins } = snippet;
  return [
    Object.assign(document.createElement('b'), { textContent: name }),
    ' ',
    Object.assign(document.createElement('code'), { textContent: `;;${shortcut}` }),
    ...tone(box, snippet),
    Object.assign(document.createElement('span'), { textContent: begins, className: 'mut t12 clip' }),
  ];
}

/** What its writer is to know: the other form of address, and what it leaves open. */
function warning(box: HTMLDialogElement, { tone, other_tone, missing }: Snippet): string {
  const other = tone === 'formal' ? box.dataset.otherFormal : box.dataset.otherInformal;
  const open = missing.length ? `${box.dataset.sayMissing ?? ''} ${missing.join(', ')}` : '';
  return [other_tone ? other : '', open].filter(Boolean).join(' ');
}

/** Says what is to be known of the marked one, or that none fits, or that there are none at all. */
function say(box: HTMLDialogElement, snippet: Snippet | undefined, asked: string | null): void {
  const place = first('[data-snippets-say]', box);
  if (!place) return;
  const said = snippet ? warning(box, snippet) : '';
  const none = (asked ? box.dataset.sayNone : box.dataset.sayEmpty) ?? '';
  place.textContent = !snippet && asked !== null ? none : said;
  place.classList.toggle('err', said !== '');
}

function choose(box: HTMLDialogElement, snippet: Snippet): void {
  const insert = into ?? writer?.() ?? null;
  into = null;
  box.close();
  insert?.(snippet.html);
  const said = warning(box, snippet);
  if (said) announce(said);
  void fetch(`/snippets/${snippet.id}/uses`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
  }).catch(() => undefined);
}

/** The dialog of the text modules. What is inside may be another element after a morph: events are heard at the dialog. */
class Snippets {
  private found: Combobox<Snippet> | undefined;
  private dressed: Element[] = [];
  /** What there was an answer to: before it, none fitting is not said. */
  private asked: string | null = null;
  private readonly asking = new Asking(
    () => items<Snippet>(this.box.dataset.snippetsUrl ?? '', this.input?.value ?? ''),
    (snippets) => {
      this.asked = this.input?.value.trim() ?? '';
      this.dress()?.show(snippets);
    },
  );

  constructor(private readonly box: HTMLDialogElement) {
    box.addEventListener('input', ({ target }) => target === this.input && this.asking.later());
    box.addEventListener('keydown', (event) => event.target === this.input && this.key(event));
    box.addEventListener('toggle', () => (box.open ? this.opened() : this.closed()));
  }

  private get input(): HTMLInputElement | null {
    return this.box.querySelector<HTMLInputElement>('[data-snippets-search]');
  }

  /** The list of the elements that are there now. */
  private dress(): Combobox<Snippet> | undefined {
    const [input, list] = [this.input, first('[data-snippets-list]', this.box)];
    if (!input || !list) return undefined;
    if (this.found && this.dressed[0] === input && this.dressed[1] === list) return this.found;
    this.dressed = [input, list];
    this.found = new Combobox<Snippet>(input, {
      row: (snippet) => row(this.box, snippet),
      take: (snippet) => choose(this.box, snippet),
      name: () => input.labels?.[0]?.textContent ?? '',
      list,
      marked: (snippet) => say(this.box, snippet, this.asked),
    });
    return this.found;
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !this.asking.busy) return void this.found?.key(event);
    // What was typed is newer than what is shown.
    event.preventDefault();
    void this.asking.now(() => this.box.open && this.found?.chosen && choose(this.box, this.found.chosen));
  }

  private opened(): void {
    this.asked = null;
    this.input?.focus();
    // Who types fast has typed before this is told.
    void this.asking.now();
  }

  private closed(): void {
    this.asking.drop();
    if (this.input) this.input.value = '';
    into = null;
  }
}

export function startSnippets(): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    const box = document.querySelector<HTMLDialogElement>('#dlg-snippets');
    if (!box || known.has(box)) return;
    known.add(box);
    new Snippets(box);
  });
}
