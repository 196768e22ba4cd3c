/**
 * What was typed and not yet sent, kept in this browser. Saved on every input,
 * gone once the server has accepted it, at the latest after 14 days.
 */
import { all, first, onPage } from './dom.ts';

const PREFIX = 'kitt-draft:';
const KEEP_MS = 14 * 24 * 60 * 60 * 1000;

type Draft = { text: string; at: number };

// Several people may share a browser: drafts are apart per user.
const key = (name: string): string => `${PREFIX}${document.body.dataset.user ?? ''}:${name}`;

function read(stored: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(stored) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

export const loadDraft = (name: string): string => read(key(name))?.text ?? '';

export function saveDraft(name: string, text: string): void {
  try {
    if (text) localStorage.setItem(key(name), JSON.stringify({ text, at: Date.now() } satisfies Draft));
    else localStorage.removeItem(key(name));
  } catch {
    // Storage full or forbidden: the text still stands in the field.
  }
}

/** Deletes the drafts of a form whose content was accepted. */
export function dropDrafts(form: Element): void {
  for (const field of all('[data-draft]', form)) saveDraft(field.dataset.draft ?? '', '');
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

export function startDrafts(): void {
  prune((draft) => draft !== null && Date.now() - draft.at < KEEP_MS);
  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLTextAreaElement && target.dataset.draft)
      saveDraft(target.dataset.draft, target.value);
  });
  document.addEventListener('submit', ({ target }) => {
    if (target instanceof Element && target.matches('[data-forget]')) prune(() => false);
  });
  const restored = new WeakSet<Element>();
  onPage(() => {
    for (const area of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-draft]')) {
      if (restored.has(area)) continue;
      restored.add(area);
      const text = loadDraft(area.dataset.draft ?? '');
      if (!text || text === area.value) continue;
      area.value = text;
      noteRestored(area);
    }
  });
}
