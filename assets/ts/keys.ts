/**
 * Single keys, declared by the page: `data-key="r"` on whatever the key should
 * click or focus. They rest while someone types, stay inside an open dialog,
 * and can be switched off (WCAG 2.1.4).
 */
import { createKeybindingsHandler } from 'tinykeys';
import { hasOpenList } from './combobox.ts';
import { all, first, onPage, toast, typing, visible } from './dom.ts';
import { openDialog } from './dialogs.ts';
import { mark } from './marks.ts';

const OFF = 'kitt-keys-off';
const FIELDS = 'textarea, select, input:not([type=submit], [type=button], [type=checkbox], [type=radio])';

let byPage: (event: KeyboardEvent) => void = () => undefined;
let opening: ReturnType<typeof setTimeout> | undefined;
/** The row of what is shown, while the person walks on and the next page has not come. */
let shown: HTMLElement | undefined;

type Keyboard = { off?: boolean; own?: Record<string, string> };

/** What the person made of the keys of the house, in their account. */
function keyboard(): Keyboard {
  try {
    return JSON.parse(document.body.dataset.keys ?? '{}') as Keyboard;
  } catch {
    return {};
  }
}

/** What the person presses for a key of the house. */
const pressedFor = (key: string): string => keyboard().own?.[key] ?? key;

/** A key as it is printed on keyboards of the page's language. */
export function label(key: string): string {
  const pressed = pressedFor(key);
  if (pressed === 'Delete') return document.body.dataset.keyDelete ?? pressed;
  return pressed.startsWith('Shift+') ? `⇧ ${pressed.slice(6).toUpperCase()}` : pressed.toUpperCase();
}

/** How the character is typed: capitals and many signs need Shift. */
function typedAs(character: string): string[] {
  if (character.length !== 1 || /[\da-zäöüß]/.test(character)) return [character];
  if (/\p{Lu}/u.test(character)) return [`Shift+${character}`];
  return [character, `Shift+${character}`];
}

function switchedOff(): boolean {
  if (keyboard().off) return true;
  try {
    return localStorage.getItem(OFF) === '1';
  } catch {
    return false;
  }
}

/** An editor that is still loading is written in through the field it stands for. */
function early(element: HTMLElement): HTMLElement | null {
  const name = element.dataset.editor;
  return name && !element.isContentEditable
    ? first(`textarea[name="${CSS.escape(name)}"]`, element.closest('form') ?? element)
    : null;
}

/** Folds something open, to write in its first field, or shut. */
function fold(summary: HTMLElement): void {
  summary.click();
  const box = summary.closest('details');
  if (box?.open) all(FIELDS, box).find(visible)?.focus();
}

/** Clicks what is clicked and focuses what is written in. */
export function activate(element: HTMLElement): void {
  if (element.tagName === 'SUMMARY') return fold(element);
  if (!element.isContentEditable && !element.matches(FIELDS)) return element.click();
  element.focus();
  if (element.isContentEditable) placeCaret(element);
}

/** Where one stopped; at first in the empty line between greeting and closing, else behind what is there. */
function placeCaret(element: HTMLElement): void {
  const selection = getSelection();
  if (!selection || hasStopped(selection, element)) return;
  const blank = all('p', element).findLast((line) => line.textContent?.trim() === '' && !first('img', line));
  if (blank) return selection.collapse(blank, 0);
  selection.selectAllChildren(element);
  selection.collapseToEnd();
}

/** Does the caret stand behind any words? An editor that gets the focus for the first time has it before all. */
function hasStopped({ anchorNode, anchorOffset }: Selection, element: HTMLElement): boolean {
  if (!anchorNode || !element.contains(anchorNode)) return false;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(anchorNode, anchorOffset);
  return before.toString() !== '';
}

/** Where keys reach to: the open dialog, otherwise the page. */
const scope = (): ParentNode => all('dialog[open]').at(-1) ?? document;

function press(key: string, event: KeyboardEvent): void {
  const marked = all(`[data-key="${CSS.escape(key)}"]`, scope());
  // What stands in a menu that is shut, or among the commands, is meant, too.
  const meant = (element: HTMLElement): boolean =>
    visible(element) || (element.closest('[data-commands]') !== null && !first('dialog[open]'));
  const targets = marked.map((element) => early(element) ?? element).filter(meant);
  // Of several, such as in a list, the one of the item that the person is in.
  const here = document.activeElement?.closest('[data-item]');
  const target = targets.find((element) => here?.contains(element)) ?? targets[0];
  if (!target) return toast(marked.map(({ dataset }) => dataset.whyNot).find(Boolean) ?? '');
  event.preventDefault();
  activate(target);
}

/** Moves through the rows; those of a queue open once the person stays on one. */
function move(step: 1 | -1): void {
  if (first('dialog[open]')) return;
  const rows = all('[data-row]').filter(visible);
  const focused = rows.findIndex((row) => row === document.activeElement);
  const current = 0 <= focused ? focused : rows.findIndex((row) => row.hasAttribute('aria-current'));
  const next = rows[Math.max(0, Math.min(rows.length - 1, current + step))];
  if (!next || next === rows[current]) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
  if (next.dataset.row === 'focus') return;
  shown ??= all('[data-row][aria-current]')[0];
  rows[current]?.removeAttribute('aria-current');
  next.setAttribute('aria-current', 'true');
  // Someone holding the key down passes by; only where they stay is fetched.
  clearTimeout(opening);
  opening = setTimeout(() => next.isConnected && next.click(), 120);
}

/** The page that was to open did not come: the row of the one that is shown is marked again. */
export function markOpenRow(): void {
  clearTimeout(opening);
  const rows = all('[data-row]').filter((row): row is HTMLAnchorElement => row instanceof HTMLAnchorElement);
  const here = rows.filter((row) => row.pathname === location.pathname);
  // Rows of one page may differ by what they ask of it.
  const open =
    rows.find((row) => row === shown) ?? here.find((row) => row.search === location.search) ?? here[0];
  shown = undefined;
  for (const row of rows) {
    if (row === open) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

const BUILT_IN: Record<string, (event: KeyboardEvent) => void> = {
  x: () => mark(false),
  'Shift+x': () => mark(true),
  j: () => move(1),
  k: () => move(-1),
  'Shift+?': () => openDialog('keys'),
  '?': () => openDialog('keys'),
};

/** The palette's key works everywhere; `/` only where it is not text. */
function always(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    openDialog('cmd');
  } else if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
    send(event);
  } else if (event.key === 'Escape' && typing(event.target) && !first('dialog[open]')) {
    // The first Escape is for the list below the field.
    if (!hasOpenList(event.target)) (event.target as HTMLElement).blur();
  }
}

/**
 * Ctrl+Enter sends the form that is being written in, from each of its fields: its button says so. With Shift it does
 * the other thing that may be meant, where there is one.
 */
function send(event: KeyboardEvent): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || !(target.isContentEditable || target.matches(FIELDS))) return;
  const form = target.closest('form');
  // Where nothing is written or changed, such as in a search, the key is not for sending.
  const writes = target.isContentEditable || form?.matches('[data-marks], .k-dialog form');
  if (!form || !(writes || first('textarea', form))) return;
  event.preventDefault();
  event.stopPropagation();
  const other = event.shiftKey ? first('button[data-send-other]', form) : null;
  // Where the button says what is meant, the most likely one does.
  form.requestSubmit(other ?? first('button.pri[name]:not([type="button"])', form));
}

/** Shows the person's own key where the page shows that of the house. */
function print(element: HTMLElement, key: string): void {
  if (pressedFor(key) === key) return;
  const shown = first('kbd.k-key', element);
  if (shown) shown.textContent = label(key);
  element.setAttribute('aria-keyshortcuts', pressedFor(key));
}

/** Where no single key does anything, none is shown. */
function showHints(): void {
  document.documentElement.toggleAttribute('data-keys-off', switchedOff());
}

/** A key that begins a sequence waits for the next one before it counts by itself. */
const SEQUENCE_MS = 500;
let waiting: ReturnType<typeof setTimeout> | undefined;
/** Events that ended a sequence: their key is not meant alone. */
const ended = new WeakSet<Event>();

/** Waits for the next key of a sequence; without one, `act` is what was meant. */
function begin(act: () => void): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    waiting = undefined;
    act();
  }, SEQUENCE_MS);
}

/** Nothing waits any more; whether something did. */
function settle(): boolean {
  const waited = waiting !== undefined;
  clearTimeout(waiting);
  waiting = undefined;
  return waited;
}

/** What a key does that others may follow, once none has come for a while. */
function beginning(key: string, act: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => {
    const wait = (): void => begin(() => act(event));
    if (key.includes(' ')) {
      ended.add(event);
      wait();
    } else queueMicrotask(() => ended.has(event) || wait());
  };
}

/**
 * What a key does alone. Whether a sequence ends with it is known once all bindings were asked. Who began one that this
 * page does not have meant neither of its keys alone.
 */
function alone(act: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => queueMicrotask(() => ended.has(event) || settle() || act(event));
}

/** What `key` does on a page of these keys. */
function acting(key: string, keys: Set<string>): (event: KeyboardEvent) => void {
  const act = (event: KeyboardEvent): void => press(key, event);
  if ([...keys].some((other) => other.startsWith(`${key} `))) return beginning(key, act);
  if (!key.includes(' ')) return alone(act);
  return (event) => {
    settle();
    ended.add(event);
    act(event);
  };
}

function bindPage(): void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  const bind = (key: string, act: (event: KeyboardEvent) => void): void => {
    for (const typed of typedAs(pressedFor(key))) bindings[typed] = act;
  };
  for (const [key, act] of Object.entries(BUILT_IN)) bind(key, alone(act));
  const keys = new Set(all('[data-key]').map(({ dataset }) => dataset.key ?? ''));
  for (const key of keys) bind(key, acting(key, keys));
  // Sequences begin also where what they begin with does nothing by itself.
  for (const typed of Object.keys(bindings)) {
    const parts = typed.split(' ');
    for (let length = 1; length < parts.length; length++) {
      const start = parts.slice(0, length).join(' ');
      bindings[start] ??= beginning(start, () => undefined);
    }
  }
  for (const element of all('[data-key]')) print(element, element.dataset.key ?? '');
  byPage = createKeybindingsHandler(bindings) as (event: KeyboardEvent) => void;
}

export function startKeys(): void {
  document.addEventListener('keydown', always, true);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || typing(event.target) || switchedOff()) return;
    // On German keyboards the slash needs Shift, so it is compared, not bound.
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !first('dialog[open]')) {
      event.preventDefault();
      openDialog('cmd');
    } else byPage(event);
  });
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches('[data-keys-switch]')) return;
    try {
      if (target.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, '1');
    } catch {
      // Without storage the choice cannot be kept; the user's settings still can.
    }
    showHints();
  });
  onPage(() => {
    shown = undefined;
    bindPage();
    showHints();
    for (const box of document.querySelectorAll<HTMLInputElement>('[data-keys-switch]'))
      box.checked = !switchedOff();
  });
}
