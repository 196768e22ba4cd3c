/**
 * Text modules: a dialog that finds them, filled in by the server for this case. Opened by its key or button, and in
 * the editor by `;;`. What could not be filled in is said before it is inserted, and marked while it stands there; so
 * is a text that addresses the customer otherwise than they are addressed.
 */
import { announce, first } from './dom.ts';
import { openDialog } from './dialogs.ts';
import { startFinder } from './finder.ts';

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

function row(snippet: Snippet, box: HTMLDialogElement): (Node | string)[] {
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
function say(snippet: Snippet | undefined, asked: string | null, box: HTMLDialogElement): void {
  const place = first('[data-snippets-say]', box);
  if (!place) return;
  const said = snippet ? warning(box, snippet) : '';
  const none = (asked ? box.dataset.sayNone : box.dataset.sayEmpty) ?? '';
  place.textContent = !snippet && asked !== null ? none : said;
  place.classList.toggle('err', said !== '');
}

function choose(snippet: Snippet, box: HTMLDialogElement): void {
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

export function startSnippets(): void {
  startFinder<Snippet>('dlg-snippets', {
    name: 'snippets',
    row,
    take: choose,
    say,
    closed: () => (into = null),
  });
}
