/**
 * Text modules: a dialog that finds them, filled in by the server for this case. Opened by its key or button, and in
 * the editor by `;;`. What could not be filled in is said before it is inserted, and marked while it stands there.
 */
import { all, announce, fill, first } from './dom.ts';
import { openDialog } from './dialogs.ts';
import { items } from './suggest.ts';

type Snippet = {
  id: number;
  name: string;
  shortcut: string;
  folder: string;
  begins: string;
  html: string;
  missing: string[];
};

let found: Snippet[] = [];
let active = 0;
let asked = 0;
let into: ((html: string) => void) | null = null;

const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>('#dlg-snippets');

/** Opens the dialog; what is chosen goes to `insert`. */
export function openSnippets(insert: (html: string) => void): void {
  into = insert;
  openDialog('dlg-snippets');
}

/** Who writes says here where a snippet goes that is opened by button or key. */
let writer: (() => ((html: string) => void) | null) | null = null;
export const setWriter = (where: () => ((html: string) => void) | null): void => void (writer = where);

async function look(box: HTMLDialogElement, typed: string): Promise<void> {
  const ask = ++asked;
  const all = await items<Snippet>(box.dataset.snippetsUrl ?? '', typed).catch(() => []);
  if (ask !== asked) return;
  found = all;
  active = 0;
  show(box);
}

function show(box: HTMLDialogElement): void {
  const list = first('[data-snippets-list]', box);
  const input = box.querySelector<HTMLInputElement>('[data-snippets-search]');
  if (!list || !input) return;
  list.id ||= 'snippets-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.labels?.[0]?.textContent ?? '');
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-expanded', 'true');
  input.setAttribute('aria-controls', list.id);
  list.hidden = !found.length;
  list.replaceChildren(...found.map((snippet, index) => option(box, snippet, index)));
  mark(box);
}

function option(box: HTMLDialogElement, snippet: Snippet, index: number): HTMLElement {
  const element = document.createElement('div');
  element.className = 'o';
  element.id = `snippet-${index}`;
  element.setAttribute('role', 'option');
  const title = Object.assign(document.createElement('b'), { textContent: snippet.name });
  const short = Object.assign(document.createElement('code'), { textContent: `;;${snippet.shortcut}` });
  const text = Object.assign(document.createElement('span'), {
    textContent: snippet.begins,
    className: 'mut t12 clip',
  });
  element.append(title, ' ', short, text);
  element.addEventListener('click', () => choose(box, index));
  return element;
}

function mark(box: HTMLDialogElement): void {
  all('[role=option]', box).forEach((element, index) => {
    element.setAttribute('aria-selected', String(index === active));
    element.classList.toggle('on', index === active);
    if (index === active) element.scrollIntoView({ block: 'nearest' });
  });
  const input = first('[data-snippets-search]', box);
  if (found.length) input?.setAttribute('aria-activedescendant', `snippet-${active}`);
  const say = first('[data-snippets-say]', box);
  const missing = found[active]?.missing ?? [];
  if (say)
    say.textContent = !found.length
      ? (box.dataset.sayNone ?? '')
      : missing.length
        ? `${box.dataset.sayMissing ?? ''} ${missing.join(', ')}`
        : '';
  say?.classList.toggle('err', missing.length > 0);
}

function choose(box: HTMLDialogElement, index: number): void {
  const snippet = found[index];
  if (!snippet) return;
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

export function startSnippets(): void {
  document.addEventListener('input', ({ target }) => {
    const box = target instanceof Element && target.matches('[data-snippets-search]') ? dialog() : null;
    if (box) void look(box, (target as HTMLInputElement).value);
  });
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const box = target instanceof Element && target.matches('[data-snippets-search]') ? dialog() : null;
    if (!box) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      active = (active + step + found.length) % found.length;
      mark(box);
    } else if (event.key === 'Enter') {
      // What was typed may be newer than what is shown.
      void look(box, (target as HTMLInputElement).value).then(() => choose(box, active));
    } else return;
    event.preventDefault();
  });
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (!(target instanceof HTMLDialogElement) || target.id !== 'dlg-snippets') return;
      const input = target.querySelector<HTMLInputElement>('[data-snippets-search]');
      if (!target.open) into = null;
      else if (input) {
        input.value = '';
        input.focus();
        void look(target, '');
      }
    },
    true,
  );
}
