/**
 * What was typed and not yet sent. It is kept in this browser on every input, and on the server a few seconds later
 * and when the page is left, so that it is there on every device and for colleagues. What the server has is its own;
 * what it has not, as after typing without a connection, wins here and is sent as soon as it can be. The server
 * decides about conflicts: it keeps both.
 */
import { all, first, onPage } from './dom.ts';

const PREFIX = 'kitt-draft:';
const KEEP_MS = 14 * 24 * 60 * 60 * 1000;
const PAUSE_MS = 3000;

/** `kept`: the server has it. Otherwise the draft and version that it was typed over; `base`: the version of a page. */
type Draft = {
  text: string;
  at: number;
  kept?: boolean;
  draft?: string;
  version?: string;
  base?: string;
};
type Kept = { draft: number | null; version: number | null; beside: boolean };
type State = { timer?: ReturnType<typeof setTimeout>; last: string; running: boolean; sending: boolean };

const states = new WeakMap<HTMLFormElement, State>();

// Several people may share a browser: drafts are apart per user.
const key = (name: string): string => `${PREFIX}${document.body.dataset.user ?? ''}:${name}`;

function read(stored: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(stored) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

function write(name: string, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(key(name), JSON.stringify(draft));
    else localStorage.removeItem(key(name));
  } catch {
    // Storage full or forbidden: the text still stands in the field.
  }
}

/** What this browser has and the server has not; the draft it was typed over stands in the form of `field` then. */
export function loadDraft(name: string, field: Element): string {
  const draft = read(key(name));
  if (!draft || draft.kept) return '';
  const form = field.closest<HTMLFormElement>('form[data-draft-url]');
  if (form && draft.text === value(form, 'body')) {
    // The server has the same: its answer to the last save was lost.
    write(name, { ...draft, kept: true });
    return '';
  }
  if (form && draft.text) {
    if (draft.version) setHidden(form, draft.draft ?? '', draft.version);
    schedule(form);
  }
  const base = baseOf(field);
  // What was typed over an earlier version says so when it is saved; where both are shown already, it is about those.
  if (base && draft.base && base.dataset.draftBase !== 'now') base.value = draft.base;
  return draft.text;
}

/** The version that a page was opened with, where its form keeps what is typed in the browser only. */
const baseOf = (field: Element | null): HTMLInputElement | null =>
  field?.closest('form')?.querySelector<HTMLInputElement>('input[type=hidden][data-draft-base]') ?? null;

export function saveDraft(name: string, text: string): void {
  const field = first(`[data-draft="${CSS.escape(name)}"]`);
  const form = field?.closest<HTMLFormElement>('form[data-draft-url]');
  const base = baseOf(field)?.value;
  const over = form ? { draft: hidden(form, 'draft'), version: hidden(form, 'draft_version') } : {};
  write(name, text ? { text, at: Date.now(), ...over, ...(base ? { base } : {}) } : null);
}

/** Deletes the drafts of a form whose content was accepted. */
export function dropDrafts(form: Element): void {
  for (const field of all('[data-draft]', form)) write(field.dataset.draft ?? '', null);
  if (form instanceof HTMLFormElement) stop(form, false);
}

/** Says in the form of `field` that a draft came back. */
export function noteRestored(field: Element): void {
  const note = first('[data-draft-note]', field.closest('form') ?? document);
  if (note) note.hidden = false;
}

function prune(keep: (draft: Draft | null) => boolean): void {
  for (const stored of Object.keys(localStorage)) {
    if (stored.startsWith(PREFIX) && !keep(read(stored))) localStorage.removeItem(stored);
  }
}

const hiddenField = (form: HTMLFormElement, name: string): HTMLInputElement | null =>
  form.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`);

const hidden = (form: HTMLFormElement, name: string): string => hiddenField(form, name)?.value ?? '';

function setHidden(form: HTMLFormElement, draft: string, version: string): void {
  const fields = { draft, draft_version: version };
  for (const [name, value] of Object.entries(fields)) {
    const field = hiddenField(form, name);
    if (field) field.value = value;
  }
}

function state(form: HTMLFormElement): State {
  const known = states.get(form) ?? { last: '', running: false, sending: false };
  states.set(form, known);
  return known;
}

/** Nothing more of this form is kept: it is being sent, or was. */
function stop(form: HTMLFormElement, sending: boolean): void {
  const of = state(form);
  clearTimeout(of.timer);
  of.timer = undefined;
  of.sending = sending;
}

function schedule(form: HTMLFormElement): void {
  const of = state(form);
  of.sending = false;
  of.timer ??= setTimeout(() => {
    of.timer = undefined;
    void keep(form);
  }, PAUSE_MS);
}

const value = (form: HTMLFormElement, name: string): string =>
  form.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`)?.value ?? '';

/** What is written in a form, as the server takes it. */
function typed(form: HTMLFormElement): Record<string, string> {
  const fields = ['body', 'body_format', 'to', 'cc', 'bcc'];
  const written = Object.fromEntries(fields.map((name) => [name, value(form, name)]));
  return { kind: form.dataset.draftKind ?? '', ...written };
}

/** Sends what is written to the server, if it has changed. */
async function keep(form: HTMLFormElement, leaving = false): Promise<void> {
  const of = state(form);
  const content = typed(form);
  const now = JSON.stringify(content);
  if (of.sending || now === of.last) return;
  if (of.running) return leaving ? undefined : schedule(form);
  of.running = true;
  const url = form.dataset.draftUrl ?? '';
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({
        ...content,
        draft: hidden(form, 'draft'),
        version: hidden(form, 'draft_version'),
      }),
      // A page that is left cannot wait; browsers take up to 64 kB then.
      keepalive: leaving && now.length < 60_000,
    });
    if (!response.ok) throw new Error(String(response.status));
    const kept = (await response.json()) as Kept;
    // A form that a morph has turned into that of another case knows nothing of this draft.
    if (form.dataset.draftUrl !== url) return;
    took(form, content, kept);
    of.last = now;
  } catch {
    say(form, 'draftLocal');
  } finally {
    of.running = false;
  }
}

function took(form: HTMLFormElement, content: Record<string, string>, kept: Kept): void {
  setHidden(form, String(kept.draft ?? ''), String(kept.version ?? ''));
  for (const field of all('[data-draft]', form)) {
    const name = field.dataset.draft ?? '';
    const local = read(key(name));
    if (local && local.text === content.body) write(name, { ...local, kept: true });
  }
  offerDiscard(form, kept.draft);
  say(form, kept.beside ? 'draftBeside' : kept.draft ? 'draftKept' : '');
}

/** What was just kept can be thrown away, by its key, too. */
function offerDiscard(form: HTMLFormElement, draft: number | null): void {
  const button = form.querySelector<HTMLButtonElement>('[data-draft-discard]');
  const discard = document.getElementById(button?.getAttribute('form') ?? '');
  if (!button || !(discard instanceof HTMLFormElement)) return;
  button.hidden = draft === null;
  if (draft !== null) discard.action = `/drafts/${draft}/discard`;
}

function say(form: HTMLFormElement, which: string): void {
  const note = first('[data-draft-kept]', form);
  if (!note) return;
  const text = which ? (note.dataset[which] ?? '') : '';
  note.hidden = !text;
  if (note.textContent !== text) note.textContent = text;
}

const forms = (): HTMLFormElement[] => [
  ...document.querySelectorAll<HTMLFormElement>('form[data-draft-url]'),
];

/** The page is about to change: what waits is sent now. */
export function flushDrafts(): void {
  for (const form of forms()) {
    const of = state(form);
    if (!of.timer) continue;
    clearTimeout(of.timer);
    of.timer = undefined;
    void keep(form, true);
  }
}

function submitted(form: HTMLFormElement): void {
  if (form.matches('[data-forget]')) prune(() => false);
  if (form.dataset.draftUrl) stop(form, true);
  // What is done with the case finds what was just typed: closing it tells of a draft that is left.
  else if (form.method === 'post') flushDrafts();
  if (!new URL(form.action, location.href).pathname.startsWith('/drafts/')) return;
  // Another draft takes the place of this one: the server's page says which.
  if (form.dataset.dropDraft) write(form.dataset.dropDraft, null);
  for (const other of forms()) {
    stop(other, false);
    other.reset();
  }
}

export function startDrafts(): void {
  prune((draft) => draft !== null && Date.now() - draft.at < KEEP_MS);
  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLTextAreaElement && target.dataset.draft)
      saveDraft(target.dataset.draft, target.value);
    const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-draft-url]') : null;
    if (form) schedule(form);
  });
  document.addEventListener('submit', ({ target }) => {
    if (target instanceof HTMLFormElement) submitted(target);
  });
  document.addEventListener('visibilitychange', () => document.hidden && flushDrafts());
  addEventListener('pagehide', flushDrafts);
  addEventListener('online', () => forms().forEach((form) => void keep(form)));
  const restored = new WeakSet<Element>();
  onPage(() => {
    for (const area of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-draft]')) {
      if (restored.has(area)) continue;
      restored.add(area);
      const text = loadDraft(area.dataset.draft ?? '', area);
      if (!text || text === area.value) continue;
      area.value = text;
      noteRestored(area);
    }
  });
}
