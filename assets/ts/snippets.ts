/**
 * Text modules: a dialog that finds them, filled in by the server for this case. Opened by its key or button, and in
 * the editor by `;;`. What could not be filled in is said before it is inserted, and marked while it stands there.
 */
import { Asking, Combobox, items } from './combobox.ts';
import { announce, fill, first, onPage } from './dom.ts';
import { openDialog } from './dialogs.ts';

type Snippet = {
  id: number;
  name: string;
  shortcut: string;
  folder: string;
  begins: string;
  html: string;
  missing: string[];
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

function row({ name, shortcut, begins }: Snippet): (Node | string)[] {
  return [
    Object.assign(document.createElement('b'), { textContent: name }),
    ' ',
    Object.assign(document.createElement('code'), { textContent: `;;${shortcut}` }),
    Object.assign(document.createElement('span'), { textContent: begins, className: 'mut t12 clip' }),
  ];
}

/** Says what the marked one cannot fill in, or that none fits. */
function say(box: HTMLDialogElement, snippet: Snippet | undefined, asked: boolean): void {
  const place = first('[data-snippets-say]', box);
  if (!place) return;
  const missing = snippet?.missing ?? [];
  place.textContent = missing.length ? `${box.dataset.sayMissing ?? ''} ${missing.join(', ')}` : '';
  if (!snippet && asked) place.textContent = box.dataset.sayNone ?? '';
  place.classList.toggle('err', missing.length > 0);
}

function choose(box: HTMLDialogElement, snippet: Snippet): void {
  const insert = into ?? writer?.() ?? null;
  into = null;
  box.close();
  insert?.(snippet.html);
  if (snippet.missing.length)
    announce(
      fill('{what} {names}', { what: box.dataset.sayMissing ?? '', names: snippet.missing.join(', ') }),
    );
  void fetch(`/snippets/${snippet.id}/uses`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
  }).catch(() => undefined);
}

function attach(box: HTMLDialogElement, input: HTMLInputElement, list: HTMLElement): void {
  let asked = false;
  const found = new Combobox<Snippet>(input, {
    row,
    take: (snippet) => choose(box, snippet),
    name: () => input.labels?.[0]?.textContent ?? '',
    list,
    marked: (snippet) => say(box, snippet, asked),
  });
  const asking = new Asking(
    () => items<Snippet>(box.dataset.snippetsUrl ?? '', input.value),
    (snippets) => {
      asked = true;
      found.show(snippets);
    },
  );
  input.addEventListener('input', () => asking.later());
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !asking.waiting) return void found.key(event);
    // What was typed is newer than what is shown.
    event.preventDefault();
    void asking.now().then(() => found.chosen && choose(box, found.chosen));
  });
  box.addEventListener('toggle', () => {
    asked = false;
    if (!box.open) return void (into = null);
    input.value = '';
    input.focus();
    void asking.now();
  });
}

export function startSnippets(): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    const box = document.querySelector<HTMLDialogElement>('#dlg-snippets');
    const input = box?.querySelector<HTMLInputElement>('[data-snippets-search]');
    const list = box && first('[data-snippets-list]', box);
    if (!box || !input || !list || known.has(input)) return;
    known.add(input);
    attach(box, input, list);
  });
}
